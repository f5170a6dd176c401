namespace FixupNet.Reporting.Comparisons;

/// <summary>One group of a comparison.</summary>
/// <param name="PlannedCount">Trials planned.</param>
/// <param name="Count">Trials that were compared, n: pairs, where trials are paired.</param>
/// <param name="Mean">Of those.</param>
/// <param name="StandardDeviation">Of the sample; null of fewer than two.</param>
/// <param name="LeftOut">The trials that do not count.</param>
public sealed record ComparisonSide(
    int PlannedCount, int Count, double? Mean, double? StandardDeviation, IReadOnlyList<LeftOutTrial> LeftOut);
