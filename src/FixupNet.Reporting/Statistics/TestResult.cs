namespace FixupNet.Reporting.Statistics;

/// <summary>What a two-sided test says about a difference of two groups.</summary>
/// <param name="Statistic">The test's statistic: t, Wilcoxon's V or the difference of means; null where the data give none.</param>
/// <param name="DegreesOfFreedom">Of a t test; null of others.</param>
/// <param name="PValue">Two-sided, in [0, 1]; null where the data give none.</param>
/// <param name="SmallestPValue">No data of this many values can give a p below this; 0 of a t test.</param>
/// <param name="IsExact">Whether the p-value was counted over all arrangements, rather than drawn or approximated.</param>
public sealed record TestResult(
    double? Statistic, double? DegreesOfFreedom, double? PValue, double SmallestPValue = 0, bool IsExact = false);
