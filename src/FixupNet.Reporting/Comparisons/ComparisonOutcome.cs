using FixupNet.Reporting.Statistics;

namespace FixupNet.Reporting.Comparisons;

/// <summary>How two groups differ.</summary>
/// <param name="Test">The test: welch, paired-t, wilcoxon, permutation or paired-permutation.</param>
/// <param name="PairCount">Pairs compared; null where the groups were compared as wholes.</param>
/// <param name="Difference">Mean of the other minus mean of the baseline; of the pairs where there are pairs.</param>
/// <param name="Interval">Confidence interval of the difference.</param>
/// <param name="IntervalKind">How it was made: student or bootstrap.</param>
/// <param name="HedgesG">The difference in standard deviations.</param>
/// <param name="Result">What the test says.</param>
public sealed record ComparisonOutcome(
    string Test, int? PairCount, double? Difference, Interval? Interval, string IntervalKind, EffectSize? HedgesG, TestResult Result);
