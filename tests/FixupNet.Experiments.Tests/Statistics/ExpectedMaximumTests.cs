using FixupNet.Experiments.Statistics;

namespace FixupNet.Experiments.Tests.Statistics;

internal sealed class ExpectedMaximumTests
{
    private static readonly double[] s_scores = [0.3, 0.9, 0.5, 0.5, 0.7];

    [Test]
    public void Of_IsTheMeanOverAllSubsets([Range(1, 5)] int count)
    {
        var maxima = Enumerable.Range(0, 1 << s_scores.Length).Where(subset => int.PopCount(subset) == count)
            .Select(subset => s_scores.Where((_, i) => (subset >> i & 1) == 1).Max());

        Assert.That(ExpectedMaximum.Of(s_scores, count), Is.EqualTo(maxima.Average()).Within(1e-14)); // double rounding
    }

    [TestCase(0)]
    [TestCase(6)]
    public void Of_RefusesMoreThanThereAre(int count) => Assert.That(() => ExpectedMaximum.Of(s_scores, count), Throws.InstanceOf<ArgumentOutOfRangeException>());

    // Of a mean of n numbers: ± 1.96 standard errors; percentiles of 4,000 draws are good for a few percent of that.
    [Test]
    public void Interval_OfAMean_IsThatOfTheNormalDistribution()
    {
        double[] scores = [.. Enumerable.Range(0, 400).Select(i => i / 399.0)];
        var error = Math.Sqrt(scores.Average(score => Math.Pow(score - 0.5, 2)) / scores.Length);

        var (lower, upper) = ExpectedMaximum.Interval([scores], drawn => drawn[0].Average(), 0.95, (4000, 1));

        Assert.That((lower, upper), Is.EqualTo((0.5 - 1.96 * error, 0.5 + 1.96 * error)).Using<(double, double)>((a, b) => Math.Abs(a.Item1 - b.Item1) < 0.1 * error && Math.Abs(a.Item2 - b.Item2) < 0.1 * error));
    }
}
