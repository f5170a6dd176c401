using FixupNet.Reporting.Statistics;

namespace FixupNet.Reporting.Comparisons;

/// <summary>How two groups differ.</summary>
/// <param name="Test">The test: welch, paired-t, wilcoxon, permutation or paired-permutation.</param>
/// <param name="PairCount">Pairs compared; null where the groups were compared as wholes.</param>
/// <param name="Difference">Mean of the other minus mean of the baseline, of the pairs where there are pairs; with wilcoxon Hodges and
/// Lehmann's center of the pairs' differences, which is what it tests.</param>
/// <param name="Interval">All differences that the test does not reject; null where nothing was tested, or so few values reject none.</param>
/// <param name="HedgesG">The difference in standard deviations: g of two groups, g_z of pairs.</param>
/// <param name="Result">What the test says.</param>
/// <param name="Equivalence">Whether the groups are equal but for a margin; null where that was not asked for.</param>
public sealed record ComparisonOutcome(
    string Test, int? PairCount, double? Difference, Interval? Interval, EffectSize? HedgesG, TestResult Result, Equivalence? Equivalence);
