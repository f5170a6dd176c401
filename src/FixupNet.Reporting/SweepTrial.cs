using FixupNet.Runs;
using FixupNet.Runs.Records;

namespace FixupNet.Reporting;

/// <summary>One trial of a sweep and its result so far.</summary>
/// <param name="Plan">Its line of the plan.</param>
/// <param name="Directory">Its files.</param>
/// <param name="Summary">Its result, or null while it has not ended.</param>
internal sealed record SweepTrial(PlanLine Plan, TrialDirectory Directory, TrialSummary? Summary);
