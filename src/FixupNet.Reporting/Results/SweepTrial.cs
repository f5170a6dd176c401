using FixupNet.Runs;
using FixupNet.Runs.Records;

namespace FixupNet.Reporting.Results;

/// <summary>One trial of a sweep and its result so far.</summary>
/// <param name="Plan">Its line of the plan.</param>
/// <param name="Directory">Its files.</param>
/// <param name="Summary">Its result, or null while it has not ended.</param>
/// <param name="Origin">The sweep it is of; null in results of one sweep.</param>
internal sealed record SweepTrial(PlanLine Plan, TrialDirectory Directory, TrialSummary? Summary, TrialOrigin? Origin = null);

/// <summary>Which of several sweeps a trial is of.</summary>
/// <param name="Number">Its number among them, from 0.</param>
/// <param name="Name">Its name, which no other one has.</param>
internal sealed record TrialOrigin(int Number, string Name);
