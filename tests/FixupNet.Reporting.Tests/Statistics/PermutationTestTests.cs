using FixupNet.Reporting.Statistics;

namespace FixupNet.Reporting.Tests.Statistics;

public sealed class PermutationTestTests
{
    [Test]
    public void Paired_AgreesWithFishersMaize()
    {
        var result = PermutationTest.Paired(Published.Maize, seed: 1);

        // Fisher counted 863 of 32,768 on one side: 1,726 on both.
        Assert.That((result.PValue, result.IsExact), Is.EqualTo((1726 / 32768.0, true)));
    }

    [Test]
    public void TwoSamples_CountsEveryDivision_WhenGroupsAreOfUnequalSize()
    {
        var result = PermutationTest.TwoSamples(Published.TreatedMice, Published.ControlMice, seed: 1);

        // Counted with itertools.combinations in Python 3.11.
        Assert.That((result.PValue, result.SmallestPValue, result.IsExact), Is.EqualTo((3184 / 11440.0, 1 / 11440.0, true)));
    }

    [Test]
    public void TwoSamples_AgreesWithSciPy_WhenValuesHaveTies()
    {
        var result = PermutationTest.TwoSamples(Published.SecondDrug, Published.FirstDrug, seed: 1);

        Assert.That(result.PValue, Is.EqualTo(15048 / 184756.0)); // scipy.stats.permutation_test 1.10.1: 0.08144796380090498
    }

    [TestCase(3, 0.1)] // three seeds against three can never reach 0.05
    [TestCase(4, 2 / 70.0)]
    public void TwoSamples_KnowsTheSmallestPValue(int count, double expected)
    {
        double[] low = [.. Enumerable.Range(0, count).Select(value => (double)value)];

        var result = PermutationTest.TwoSamples([.. low.Select(value => value + 100)], low, seed: 1);

        Assert.That((result.PValue, result.SmallestPValue), Is.EqualTo((expected, expected)));
    }

    [Test]
    public void Paired_KnowsTheSmallestPValue() =>
        Assert.That(PermutationTest.Paired([1, 2, 3, 4, 5], seed: 1), Has.Property(nameof(TestResult.PValue)).EqualTo(0.0625)
            .And.Property(nameof(TestResult.SmallestPValue)).EqualTo(0.0625));

    [Test]
    public void Paired_DrawsCloseToTheCount_WhenThereAreTooManyArrangements()
    {
        double[] differences = [.. Published.Maize, .. Published.Maize.Take(5)];
        var counted = CountSigns(differences);

        var drawn = PermutationTest.Paired(differences, seed: 1);

        // Five standard errors of a share of 99,999 draws.
        Assert.That(drawn.PValue, Is.EqualTo(counted).Within(5 * Math.Sqrt(counted * (1 - counted) / 99_999)));
        Assert.That(drawn.IsExact, Is.False);
    }

    [Test]
    public void TwoSamples_DrawsCloseToWelch_WhenGroupsAreLarge()
    {
        double[] values = [.. Enumerable.Range(0, 40).Select(i => Math.Sin(i) + 0.3)];
        double[] baseline = [.. Enumerable.Range(0, 40).Select(i => Math.Cos(i))];

        var drawn = PermutationTest.TwoSamples(values, baseline, seed: 3);

        Assert.That(drawn.PValue, Is.EqualTo(TTests.Welch(values, baseline).PValue).Within(0.01)); // they agree as groups grow
    }

    [Test]
    public void TwoSamples_IsTheSame_WhenTheSeedIs()
    {
        double[] values = [.. Enumerable.Range(0, 30).Select(i => Math.Sin(i))];

        var results = new[] { 5, 5, 6 }.Select(seed => PermutationTest.TwoSamples(values, [.. values.Select(value => value + 0.4)], seed)).ToList();

        Assert.That((results[0] == results[1], results[0] == results[2]), Is.EqualTo((true, false)));
    }

    [Test]
    public void Tests_CountRoundingAsEqual() =>
        // 0.1 + 0.2 - 0.3 is not 0 in binary: each of the eight signs must count as it would for 1, 2, 3.
        Assert.That(PermutationTest.Paired([0.1, 0.2, -0.3], 1).PValue, Is.EqualTo(PermutationTest.Paired([1, 2, -3], 1).PValue));

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
