using FixupNet.Reporting.Statistics;

namespace FixupNet.Reporting.Tests.Statistics;

public sealed class TTestsTests
{
    private const double Rounding = 1e-9; // of the distributions, far below what anybody reads

    [Test]
    public void Welch_AgreesWithStudentsSleep()
    {
        var result = TTests.Welch(Published.SecondDrug, Published.FirstDrug);

        using (Assert.EnterMultipleScope()) // R 4.2.2, t.test(extra ~ group, sleep)
        {
            Assert.That(result.Statistic, Is.EqualTo(1.8608134674868531).Within(Rounding));
            Assert.That(result.DegreesOfFreedom, Is.EqualTo(17.776473516178498).Within(Rounding));
            Assert.That(result.PValue, Is.EqualTo(0.0793941401873582).Within(Rounding));
        }
    }

    [Test]
    public void WelchInterval_AgreesWithStudentsSleep()
    {
        var interval = TTests.WelchInterval(Published.SecondDrug, Published.FirstDrug)!;

        Assert.That(new[] { interval.Low, interval.High }, Is.EqualTo(new[] { -0.2054832307117102, 3.3654832307117104 }).Within(Rounding)); // R 4.2.2
    }

    [Test]
    public void Paired_AgreesWithStudentsSleep()
    {
        var result = TTests.Paired(Published.DrugDifferences);

        using (Assert.EnterMultipleScope()) // R 4.2.2, t.test(..., paired = TRUE); Student printed t = 4.06
        {
            Assert.That(result.Statistic, Is.EqualTo(4.062127683382037).Within(Rounding));
            Assert.That(result.DegreesOfFreedom, Is.EqualTo(9));
            Assert.That(result.PValue, Is.EqualTo(0.00283289019738427).Within(Rounding));
        }
    }

    [TestCase(0.95, 0.897677539376705, 3.762322460623294)] // R 4.2.2, t.test(...)$conf.int
    [TestCase(0.8, 1.45431, 3.20569)] // 2.33 ± 1.383029 · 2.002249 / √10, the table's t
    public void MeanInterval_AgreesWithR(double confidence, double low, double high)
    {
        var interval = TTests.MeanInterval(Published.SecondDrug, confidence)!;

        Assert.That(new[] { interval.Low, interval.High }, Is.EqualTo(new[] { low, high }).Within(confidence == 0.95 ? Rounding : 1e-3));
    }

    // Student's table: t(0.975) of 1 and 2 degrees; both means have a standard error of 1.
    [TestCase(new[] { -1.0, 1 }, 12.70620473617469)]
    [TestCase(new[] { -1.7320508075688772, 0, 1.7320508075688772 }, 4.30265272974946)]
    public void MeanInterval_IsAsWideAsTheTableSays(double[] values, double halfWidth) =>
        Assert.That(TTests.MeanInterval(values)!.High, Is.EqualTo(halfWidth).Within(Rounding * halfWidth));

    [Test]
    public void Welch_KeepsTheDigitsOfTinyPValues()
    {
        var far = Published.SecondDrug.Select(value => value + 1000).ToArray();

        Assert.That(TTests.Welch(far, Published.FirstDrug).PValue, Is.GreaterThan(0).And.LessThan(1e-40));
    }

    [Test]
    public void Tests_GiveNoPValue_WhenNothingVariesOrThereIsOneValue()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(TTests.Welch([1, 1, 1], [2, 2]).PValue, Is.Null);
            Assert.That(TTests.Welch([1], [2, 3]).PValue, Is.Null);
            Assert.That(TTests.Paired([0.5, 0.5]).PValue, Is.Null);
            Assert.That(TTests.Paired([0.5]).PValue, Is.Null);
            Assert.That(TTests.MeanInterval([1]), Is.Null);
            Assert.That(TTests.WelchInterval([1], [2, 3]), Is.Null);
        }
    }

    [Test]
    public void WelchInterval_IsAPoint_WhenNothingVaries() =>
        Assert.That(TTests.WelchInterval([3, 3], [1, 1, 1]), Is.EqualTo(new Interval(2, 2)));

    // scipy.stats.ttest_ind(x + margin, y, equal_var=False, alternative="greater").pvalue and (x - margin, …, "less"), SciPy 1.10.1
    [TestCase("sleep", 4, 1.9004056834130728e-06, 0.005361624103159117)]
    [TestCase("sleep", 1, 0.0035706691736629085, 0.7483198114409819)]
    [TestCase("mice", 80, 0.0017882318892297434, 0.05995330257713714)]
    public void WelchEquivalence_AgreesWithSciPy(string data, double margin, double lower, double upper)
    {
        var test = data == "sleep"
            ? TTests.WelchEquivalence(Published.SecondDrug, Published.FirstDrug, margin)!
            : TTests.WelchEquivalence(Published.TreatedMice, Published.ControlMice, margin)!;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(new[] { test.LowerPValue, test.UpperPValue }, Is.EqualTo(new[] { lower, upper }).Within(Rounding));
            Assert.That(test.PValue, Is.EqualTo(upper).Within(Rounding));
        }
    }

    // scipy.stats.ttest_1samp(d, -margin, alternative="greater").pvalue and (d, margin, alternative="less"), SciPy 1.10.1
    [TestCase(3, 4.522694965832462e-07, 0.002655570292658671)]
    [TestCase(2, 3.5523441592476932e-06, 0.1541572356690976)]
    public void PairedEquivalence_AgreesWithSciPy(double margin, double lower, double upper)
    {
        var test = TTests.PairedEquivalence(Published.DrugDifferences, margin)!;

        Assert.That(new[] { test.LowerPValue, test.UpperPValue }, Is.EqualTo(new[] { lower, upper }).Within(Rounding));
    }

    [TestCase(-1e-9, true)]
    [TestCase(1e-9, false)]
    public void Equivalence_HoldsExactlyWhereTheIntervalLiesWithin(double beyond, bool isRejected)
    {
        var margin = TTests.MeanInterval(Published.DrugDifferences, 0.9)!.High - beyond;

        Assert.That(TTests.PairedEquivalence(Published.DrugDifferences, margin)!.PValue < 0.05, Is.EqualTo(isRejected));
    }

    [Test]
    public void Equivalence_IsNone_WhenNothingVariesOrThereIsOneValue()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(TTests.PairedEquivalence([0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1], 1), Is.Null);
            Assert.That(TTests.WelchEquivalence([1], [2, 3], 1), Is.Null);
        }
    }

    [TestCase(0)]
    [TestCase(1)]
    public void MeanInterval_Refuses_WhenConfidenceIsNoShare(double confidence) =>
        Assert.That(() => TTests.MeanInterval([1, 2], confidence), Throws.InstanceOf<ArgumentOutOfRangeException>());
}
