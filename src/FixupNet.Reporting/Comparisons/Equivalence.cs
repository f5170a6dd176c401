using FixupNet.Reporting.Statistics;

namespace FixupNet.Reporting.Comparisons;

/// <summary>Whether two groups are equal but for a margin.</summary>
/// <param name="Test">tost-welch, or tost-paired where the trials are paired.</param>
/// <param name="Confidence">Of the interval: 1 − 2 · 5 %, for each of the two tests is one-sided.</param>
/// <param name="Interval">Interval of the difference; within the margin exactly where the uncorrected p is at most 5 %; null where nothing
/// was tested.</param>
/// <param name="Result">Both one-sided tests; null where the values do not vary or are fewer than two a side.</param>
/// <param name="CorrectedPValue">The p-value of both, corrected for the number of equivalences tested.</param>
public sealed record Equivalence(string Test, double Confidence, Interval? Interval, EquivalenceTest? Result, double? CorrectedPValue);
