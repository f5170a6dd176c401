using FixupNet.Runs.Records;

namespace FixupNet.Experiments.Sweeps;

/// <summary>Where a sweep stands after a worker's work.</summary>
/// <param name="States">Trials of the whole sweep by state; states that none is in are absent.</param>
/// <param name="StartedCount">Trials that the worker started.</param>
/// <param name="IsInterrupted">Whether the worker, or a trial of it, ended early: there is work left to come back to.</param>
/// <param name="IsStopped">Whether that was because the sweep is stopped.</param>
public sealed record SweepOutcome(IReadOnlyDictionary<TrialState, int> States, int StartedCount, bool IsInterrupted, bool IsStopped = false)
{
    /// <summary>Networks that lack the answer to a study of the sweep.</summary>
    public int UnansweredCount { get; init; }

    /// <summary>Whether every trial has ended, and one at least with a result.</summary>
    public bool HasResults => States.Keys.All(TrialStates.HasEnded) && States.Keys.Any(state => state != TrialState.Failed);

    /// <summary>How many trials are in a state.</summary>
    /// <param name="state">The state.</param>
    public int CountOf(TrialState state) => States.GetValueOrDefault(state);
}
