using FixupNet.Runs;

namespace FixupNet.Experiments.Sweeps;

/// <summary>Runs a trial in a process of its own: what one trial does to memory, threads or the process cannot harm the next.</summary>
public interface ITrialProcess
{
    /// <summary>Runs a trial to its end.</summary>
    /// <param name="trial">The trial's files; its configuration is written.</param>
    /// <param name="threads">CPU threads of one operation; null for the trial's own choice.</param>
    /// <param name="cancellation">Asks the trial to end cleanly; its end is still waited for.</param>
    /// <exception cref="IOException">The process cannot be started.</exception>
    Task<TrialExit> RunAsync(TrialDirectory trial, int? threads, CancellationToken cancellation);
}

/// <summary>How a trial's process ended.</summary>
/// <param name="Code">Its exit code.</param>
/// <param name="LastErrorLines">The end of what it wrote to its standard error, oldest line first.</param>
public sealed record TrialExit(int Code, IReadOnlyList<string> LastErrorLines);
