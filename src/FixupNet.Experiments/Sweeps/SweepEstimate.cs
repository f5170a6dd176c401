using FixupNet.Runs.Records;

namespace FixupNet.Experiments.Sweeps;

/// <summary>What the trials of a sweep are expected to take.</summary>
/// <param name="Trials">One estimate a trial, in order.</param>
/// <param name="TotalSeconds">Time of the whole sweep, so many trials at a time as was said; trials that do not fit are not in it.</param>
public sealed record SweepEstimate(IReadOnlyList<TrialEstimate> Trials, double TotalSeconds);

/// <summary>What one trial is expected to take.</summary>
/// <param name="Seconds">From its process's start to its end, should it train to its last epoch; null where it does not fit into memory.</param>
/// <param name="PeakMemoryBytes">The most resident memory of its process, in bytes; null where it does not fit.</param>
/// <param name="Plan">How its steps fit into memory; null where they do not.</param>
/// <param name="Problem">Why it cannot run; null where it can.</param>
public sealed record TrialEstimate(double? Seconds, long? PeakMemoryBytes, StepPlan? Plan, string? Problem = null);
