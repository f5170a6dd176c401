using FixupNet.Runs.Records;

namespace FixupNet.Experiments.Sweeps;

/// <summary>Where a sweep stands after a run.</summary>
/// <param name="States">Trials of the whole sweep by state; states that none is in are absent.</param>
/// <param name="StartedCount">Trials that this run started.</param>
/// <param name="IsInterrupted">Whether this run, or a trial of it, was asked to end before its end.</param>
public sealed record SweepOutcome(IReadOnlyDictionary<TrialState, int> States, int StartedCount, bool IsInterrupted)
{
    /// <summary>How many trials are in a state.</summary>
    /// <param name="state">The state.</param>
    public int CountOf(TrialState state) => States.GetValueOrDefault(state);
}
