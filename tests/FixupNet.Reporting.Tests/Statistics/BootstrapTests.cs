using FixupNet.Reporting.Statistics;

namespace FixupNet.Reporting.Tests.Statistics;

public sealed class BootstrapTests
{
    // scipy.stats.bootstrap 1.10.1, BCa, 10^6 resamples. An end drawn from 10^4 moves by about 1 day from seed to seed: three deviations.
    private const double MonteCarlo = 3;

    [Test]
    public void MeanInterval_AgreesWithSciPy()
    {
        var interval = Bootstrap.MeanInterval(Published.TreatedMice, seed: 1)!;

        Assert.That(new[] { interval.Low, interval.High }, Is.EqualTo(new[] { 46.2857, 138.2857 }).Within(MonteCarlo));
    }

    [Test]
    public void DifferenceInterval_AgreesWithSciPy()
    {
        var interval = Bootstrap.DifferenceInterval(Published.TreatedMice, Published.ControlMice, seed: 1)!;

        Assert.That(new[] { interval.Low, interval.High }, Is.EqualTo(new[] { -19.3968, 86.0952 }).Within(MonteCarlo));
    }

    [Test]
    public void MeanInterval_IsTheSame_WhenTheSeedIs()
    {
        double[] values = [.. Enumerable.Range(0, 25).Select(i => Math.Exp(Math.Sin(i)))];

        var intervals = new[] { 4, 4, 5 }.Select(seed => Bootstrap.MeanInterval(values, seed)).ToList();

        Assert.That((intervals[0] == intervals[1], intervals[0] == intervals[2]), Is.EqualTo((true, false)));
    }

    [Test]
    public void MeanInterval_IsNearStudents_WhenValuesAreManyAndRegular()
    {
        double[] values = [.. Enumerable.Range(0, 400).Select(i => Math.Sin(i * 0.7))];
        var (bootstrap, student) = (Bootstrap.MeanInterval(values, 1)!, TTests.MeanInterval(values)!);

        Assert.That(new[] { bootstrap.Low, bootstrap.High }, Is.EqualTo(new[] { student.Low, student.High }).Within(0.004)); // 5 % of its width
    }

    [Test]
    public void MeanInterval_LeansWithSkewedValues()
    {
        double[] values = [.. Enumerable.Range(0, 20).Select(i => Math.Exp(i / 4.0))];
        var (interval, mean) = (Bootstrap.MeanInterval(values, 1)!, values.Average());

        Assert.That(interval.High - mean, Is.GreaterThan(1.2 * (mean - interval.Low)));
    }

    [Test]
    public void Intervals_AreAPoint_WhenNothingVaries() =>
        Assert.That(Bootstrap.DifferenceInterval([3, 3], [1, 1], 1), Is.EqualTo(new Interval(2, 2)));

    [Test]
    public void Intervals_AreNone_WhenThereIsOneValue() => Assert.That(Bootstrap.MeanInterval([3], 1), Is.Null);
}
