using FixupNet.Reporting.Statistics;

namespace FixupNet.Reporting.Tests.Statistics;

public sealed class PermutationTestTests
{
    [Test]
    public void Paired_AgreesWithFishersMaize()
    {
        var result = PermutationTest.Paired(Published.Maize, seed: 1).Result;

        // Fisher counted 863 of 32,768 on one side: 1,726 on both.
        Assert.That((result.PValue, result.IsExact), Is.EqualTo((1726 / 32768.0, true)));
    }

    [Test]
    public void TwoSamples_CountsEveryDivision_WhenGroupsAreOfUnequalSize()
    {
        var result = PermutationTest.TwoSamples(Published.TreatedMice, Published.ControlMice, seed: 1).Result;

        // Counted with itertools.combinations in Python 3.11.
        Assert.That((result.PValue, result.SmallestPValue, result.IsExact), Is.EqualTo((3184 / 11440.0, 1 / 11440.0, true)));
    }

    [Test]
    public void TwoSamples_AgreesWithSciPy_WhenValuesHaveTies()
    {
        var result = PermutationTest.TwoSamples(Published.SecondDrug, Published.FirstDrug, seed: 1).Result;

        Assert.That(result.PValue, Is.EqualTo(15048 / 184756.0)); // scipy.stats.permutation_test 1.10.1: 0.08144796380090498
    }

    [TestCase(3, 0.1)] // three seeds against three can never reach 0.05
    [TestCase(4, 2 / 70.0)]
    public void TwoSamples_KnowsTheSmallestPValue(int count, double expected)
    {
        double[] low = [.. Enumerable.Range(0, count).Select(value => (double)value)];

        var result = PermutationTest.TwoSamples([.. low.Select(value => value + 100)], low, seed: 1).Result;

        Assert.That((result.PValue, result.SmallestPValue), Is.EqualTo((expected, expected)));
    }

    [Test]
    public void Paired_KnowsTheSmallestPValue() =>
        Assert.That(PermutationTest.Paired([1, 2, 3, 4, 5], seed: 1).Result, Has.Property(nameof(TestResult.PValue)).EqualTo(0.0625)
            .And.Property(nameof(TestResult.SmallestPValue)).EqualTo(0.0625));

    [Test]
    public void Paired_DrawsCloseToTheCount_WhenThereAreTooManyArrangements()
    {
        double[] differences = [.. Published.Maize, .. Published.Maize.Take(5)];
        var counted = CountSigns(differences);

        var drawn = PermutationTest.Paired(differences, seed: 1).Result;

        // Five standard errors of a share of 99,999 draws.
        Assert.That(drawn.PValue, Is.EqualTo(counted).Within(5 * Math.Sqrt(counted * (1 - counted) / 99_999)));
        Assert.That(drawn.IsExact, Is.False);
    }

    [Test]
    public void TwoSamples_DrawsCloseToWelch_WhenGroupsAreLarge()
    {
        double[] values = [.. Enumerable.Range(0, 40).Select(i => Math.Sin(i) + 0.3)];
        double[] baseline = [.. Enumerable.Range(0, 40).Select(i => Math.Cos(i))];

        var drawn = PermutationTest.TwoSamples(values, baseline, seed: 3).Result;

        Assert.That(drawn.PValue, Is.EqualTo(TTests.Welch(values, baseline).PValue).Within(0.01)); // they agree as groups grow
    }

    [Test]
    public void TwoSamples_IsTheSame_WhenTheSeedIs()
    {
        double[] values = [.. Enumerable.Range(0, 30).Select(i => Math.Sin(i))];

        var results = new[] { 5, 5, 6 }.Select(seed => PermutationTest.TwoSamples(values, [.. values.Select(value => value + 0.4)], seed).Result).ToList();

        Assert.That((results[0] == results[1], results[0] == results[2]), Is.EqualTo((true, false)));
    }

    [Test]
    public void Interval_HoldsWhatThePairedTestDoesNotReject()
    {
        var interval = PermutationTest.Paired(Published.DrugDifferences, seed: 1).Interval()!;

        // p of the differences less a center, over all 1,024 signs (itertools.product in Python 3.11), halved to its border above 0.05.
        Assert.That(new[] { interval.Low, interval.High }, Is.EqualTo(new[] { 0.8333333333, 2.4666666667 }).Within(1e-8));
    }

    [Test]
    public void Interval_HoldsWhatTheTestOfTwoSamplesDoesNotReject()
    {
        var interval = PermutationTest.TwoSamples(Published.TreatedMice, Published.ControlMice, seed: 1).Interval()!;

        // p of the treated less a difference, over all 11,440 divisions (itertools.combinations), halved to its border above 0.05.
        Assert.That(new[] { interval.Low, interval.High }, Is.EqualTo(new[] { -26.75, 88.8387096774 }).Within(1e-8));
    }

    [TestCase(0)]
    [TestCase(5)] // too many arrangements to count them all
    public void Interval_AgreesWithTheTest(int more)
    {
        double[] differences = [.. Published.Maize, .. Published.Maize.Take(more)];
        var interval = PermutationTest.Paired(differences, seed: 1).Interval()!;

        double PValueOf(double center) => PermutationTest.Paired([.. differences.Select(difference => difference - center)], seed: 1).Result.PValue!.Value;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(new[] { PValueOf(interval.Low - 0.01), PValueOf(interval.High + 0.01) }, Is.All.LessThanOrEqualTo(0.05));
            Assert.That(new[] { PValueOf(interval.Low + 0.01), PValueOf(interval.High - 0.01) }, Is.All.GreaterThan(0.05));
        }
    }

    [Test]
    public void Interval_IsNone_WhenSoFewValuesRejectNothing()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(PermutationTest.Paired([1, 2, 3, 4, 5], seed: 1).Interval(), Is.Null);
            Assert.That(PermutationTest.TwoSamples([1, 2, 3], [4, 5, 6], seed: 1).Interval(), Is.Null);
        }
    }

    [Test]
    public void Tests_CountRoundingAsEqual() =>
        // 0.1 + 0.2 - 0.3 is not 0 in binary: each of the eight signs must count as it would for 1, 2, 3.
        Assert.That(PermutationTest.Paired([0.1, 0.2, -0.3], 1).Result.PValue, Is.EqualTo(PermutationTest.Paired([1, 2, -3], 1).Result.PValue));

    private static double CountSigns(double[] differences)
    {
        var seen = Math.Abs(differences.Sum());
        var count = 0;
        for (var signs = 0; signs < 1 << differences.Length; signs++)
        {
            var sum = differences.Select((value, i) => (signs >> i & 1) == 1 ? value : -value).Sum();
            if (Math.Abs(sum) >= seen) count++;
        }
        return count / Math.Pow(2, differences.Length);
    }
}
