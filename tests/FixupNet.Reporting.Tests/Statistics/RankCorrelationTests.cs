using FixupNet.Reporting.Statistics;

namespace FixupNet.Reporting.Tests.Statistics;

public sealed class RankCorrelationTests
{
    // The second is Spearman's textbook formula 1 − 6Σd²/(n(n²−1)) = 1 − 6·4/60; the third has ties: ranks (0.5, 0.5, 2, 3) and (0, 1, 2, 3).
    [TestCase(new[] { 1.0, 2, 3, 4 }, new[] { 10.0, 20, 30, 31 }, ExpectedResult = 1)]
    [TestCase(new[] { 1.0, 2, 3, 4 }, new[] { 2.0, 1, 4, 3 }, ExpectedResult = 0.6)]
    [TestCase(new[] { 1.0, 1, 3, 4 }, new[] { 1.0, 2, 3, 4 }, ExpectedResult = 0.949)]
    [TestCase(new[] { 1.0, 2 }, new[] { 1.0, 2 }, ExpectedResult = null)]
    [TestCase(new[] { 1.0, 1, 1 }, new[] { 1.0, 2, 3 }, ExpectedResult = null)]
    public double? Spearman_SharesRanks_AndSaysNothingOfTooFew(double[] left, double[] right) =>
        RankCorrelation.Spearman(left, right) is { } value ? Math.Round(value, 3) : null;
}
