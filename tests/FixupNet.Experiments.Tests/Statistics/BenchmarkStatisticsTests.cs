using FixupNet.Experiments.Statistics;

namespace FixupNet.Experiments.Tests.Statistics;

internal sealed class BenchmarkStatisticsTests
{
    [TestCase(new[] { 3.0 }, 3.0)]
    [TestCase(new[] { 9.0, 1.0, 2.0 }, 2.0)]
    [TestCase(new[] { 4.0, 1.0, 2.0, 100.0 }, 3.0)]
    public void Median_IsTheMiddle(double[] values, double expected) => Assert.That(BenchmarkStatistics.Median(values), Is.EqualTo(expected));

    [Test]
    public void PairedRatio_ComparesWithinRounds_WhenTheClockChanges()
    {
        double[] twiceAsFast = [200, 20, 100];
        double[] reference = [100, 10, 50];

        Assert.That(BenchmarkStatistics.PairedRatio(twiceAsFast, reference), Is.EqualTo(2));
    }

    [Test]
    public void PairedRatio_IsNone_WithoutAReference() => Assert.That(BenchmarkStatistics.PairedRatio([1, 2], null), Is.Null);
}
