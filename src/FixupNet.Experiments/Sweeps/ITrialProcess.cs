namespace FixupNet.Experiments.Sweeps;

/// <summary>Runs a trial in a process of its own: what one trial does to memory, threads or the process cannot harm the next.</summary>
public interface ITrialProcess
{
    /// <summary>Runs a trial to its end.</summary>
    /// <param name="launch">The trial.</param>
    /// <param name="end">Asks the trial to end cleanly; its end is still waited for.</param>
    /// <param name="kill">Ends the trial at once, so that it writes nothing more.</param>
    /// <exception cref="IOException">The process cannot be started.</exception>
    Task<TrialExit> RunAsync(TrialLaunch launch, CancellationToken end, CancellationToken kill);
}
