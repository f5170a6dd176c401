using FixupNet.Experiments.Sweeps;
using FixupNet.Runs;
using FixupNet.Runs.Records;

namespace FixupNet.Experiments.Tests.Sweeps;

/// <summary>Stands in for the processes of trials: leaves the files that a training would, without training.</summary>
/// <param name="run">What one trial does; returns its exit code.</param>
internal sealed class ScriptedProcess(Func<TrialDirectory, CancellationToken, Task<int>> run) : ITrialProcess
{
    private readonly Lock _counting = new();

    /// <summary>Folders of the trials that were started, in order.</summary>
    public List<string> Started { get; } = [];

    /// <summary>The threads each was given.</summary>
    public List<int?> Threads { get; } = [];

    /// <summary>What each says on its standard error.</summary>
    public IReadOnlyList<string> ErrorLines { get; init; } = [];

    /// <summary>Whether the system kills each for want of memory.</summary>
    public bool IsOutOfMemory { get; init; }

    /// <summary>The fence each was given.</summary>
    public List<string> Fences { get; } = [];

    public static ScriptedProcess Completing() => new((trial, _) => Task.FromResult(End(trial, TrialState.Completed)));

    public static ScriptedProcess Exiting(int code) => new((_, _) => Task.FromResult(code));

    /// <summary>Ends a trial as a training would and gives its exit code.</summary>
    public static int End(TrialDirectory trial, TrialState state)
    {
        trial.WriteStatus(new TrialStatus(state, 3, 1, DateTimeOffset.UnixEpoch));
        if (state == TrialState.Interrupted) return 75;
        trial.WriteSummary(new TrialSummary(state, 3, 1, 0.5));
        return state == TrialState.Diverged ? 10 : 0;
    }

    public async Task<TrialExit> RunAsync(TrialLaunch launch, CancellationToken end, CancellationToken kill)
    {
        lock (_counting)
        {
            Started.Add(Path.GetFileName(launch.Trial.Root));
            Threads.Add(launch.Threads);
            Fences.Add(Path.GetFileName(launch.FenceFile));
        }
        return new TrialExit(await run(launch.Trial, end), ErrorLines, IsOutOfMemory);
    }
}
