using FixupNet.Reporting.Statistics;

namespace FixupNet.Reporting.Tests.Statistics;

public sealed class WilcoxonTestTests
{
    [Test]
    public void Of_AgreesWithHollanderAndWolfe()
    {
        var result = WilcoxonTest.Of(Published.Depression);

        // The book has V = 40 and a one-sided p of 0.020; R 4.2.2, wilcox.test(x, y, paired = TRUE): 0.0390625.
        Assert.That((result.Statistic, result.PValue, result.IsExact), Is.EqualTo((40, 0.0390625, true)));
    }

    [Test]
    public void Of_CountsTiesExactly_AndLeavesZerosOut()
    {
        var result = WilcoxonTest.Of([1, 1, -1, 2, 2, 3, -3, 4, 0, 5]);

        // Counted over all 512 signs of the ranks of scipy.stats.rankdata (SciPy 1.10.1).
        Assert.That((result.Statistic, result.PValue, result.SmallestPValue), Is.EqualTo((36.5, 0.12109375, Math.Pow(2, -8))));
    }

    [Test]
    public void Of_CountsSixTiesAgainstOne() => // counted over all 128 signs of the ranks of scipy.stats.rankdata (SciPy 1.10.1)
        Assert.That(WilcoxonTest.Of([0.1, 0.1, 0.1, 0.1, 0.1, 0.1, -0.1]).PValue, Is.EqualTo(0.125));

    // Exact p of the differences less each mean of a pair, and less what lies between them, counted in Python 3.11 with the ranks of
    // scipy.stats.rankdata (SciPy 1.10.1): the smallest and the largest with p > 0.05.
    [TestCase("maize", 25, 4, 41.5)]
    [TestCase("depression", 0.46, 0.01, 0.786)]
    [TestCase("sleep", 1.3, 0.8, 2.7)]
    public void Interval_HoldsWhatTheTestDoesNotReject(string data, double center, double low, double high)
    {
        var differences = data switch { "maize" => Published.Maize, "depression" => Published.Depression, _ => Published.DrugDifferences };

        var interval = WilcoxonTest.Interval(differences)!;

        Assert.That(new[] { WilcoxonTest.Center(differences)!.Value, interval.Low, interval.High }, Is.EqualTo(new[] { center, low, high }).Within(1e-12));
    }

    [Test]
    public void Interval_HoldsZero_WhenTheTestDoesNotRejectIt() => // as above: from 0 to 0.1
        Assert.That(WilcoxonTest.Interval([0.1, 0.1, 0.1, 0.1, 0.1, 0.1, -0.1]), Is.EqualTo(new Interval(0, 0.1)));

    [Test]
    public void Interval_IsAPoint_WhenNothingBesideItIsAccepted() =>
        Assert.That(WilcoxonTest.Interval([.. Enumerable.Repeat(1.0, 20), 1.0001]), Is.EqualTo(new Interval(1, 1)));

    [Test]
    public void Interval_IsNone_WhenSoFewDifferencesRejectNothing() => Assert.That(WilcoxonTest.Interval([1, 2, 3, 4, 5]), Is.Null);

    [Test]
    public void Interval_TakesManyDifferences() => // approximated; for 400 regular values near that of the mean
        Assert.That(WilcoxonTest.Interval([.. Enumerable.Range(0, 400).Select(i => i / 400.0)])!.Low, Is.EqualTo(0.47).Within(0.01));

    [Test]
    public void Of_AgreesWithSciPy_WhenMostDifferencesArePositive() =>
        Assert.That(WilcoxonTest.Of([1.5, 2.5, -0.5, 3.5, 4.5, 5.5, -1]).PValue, Is.EqualTo(0.078125)); // scipy.stats.wilcoxon 1.10.1, exact

    [Test]
    public void Of_ApproximatesManyDifferences()
    {
        // round(rnorm(60, 0.2), 1) with set.seed(1) in R 4.2.2
        double[] differences =
        [
            -0.4, 0.4, -0.6, 1.8, 0.5, -0.6, 0.7, 0.9, 0.8, -0.1, 1.7, 0.6, -0.4, -2, 1.3, 0.2, 0.2, 1.1, 1, 0.8, 1.1, 1, 0.3, -1.8, 0.8, 0.1, 0,
            -1.3, -0.3, 0.6, 1.6, 0.1, 0.6, 0.1, -1.2, -0.2, -0.2, 0.1, 1.3, 1, 0, -0.1, 0.9, 0.8, -0.5, -0.5, 0.6, 1, 0.1, 1.1, 0.6, -0.4, 0.5,
            -0.9, 1.6, 2.2, -0.2, -0.8, 0.8, 0.1,
        ];

        var result = WilcoxonTest.Of(differences);

        using (Assert.EnterMultipleScope()) // wilcox.test(z, exact = FALSE)
        {
            Assert.That((result.Statistic, result.IsExact), Is.EqualTo((1221, false)));
            Assert.That(result.PValue, Is.EqualTo(0.00467664915334342).Within(1e-9));
        }
    }

    [TestCase(5, 0.0625)] // five seeds can never reach 0.05
    [TestCase(6, 0.03125)]
    public void Of_KnowsTheSmallestPValue(int count, double expected)
    {
        var result = WilcoxonTest.Of(Enumerable.Range(1, count).Select(value => (double)value));

        Assert.That((result.PValue, result.SmallestPValue), Is.EqualTo((expected, expected)));
    }

    [Test]
    public void Of_FindsNothing_WhenAllDifferencesAreZero() =>
        Assert.That(WilcoxonTest.Of([0, 0, 0]), Has.Property(nameof(TestResult.PValue)).EqualTo(1).And.Property(nameof(TestResult.SmallestPValue)).EqualTo(1));

    [Test]
    public void Of_IsTheSame_WhenTheGroupsAreSwapped() =>
        Assert.That(WilcoxonTest.Of(Published.Maize).PValue, Is.EqualTo(WilcoxonTest.Of(Published.Maize.Select(value => -value)).PValue));
}
