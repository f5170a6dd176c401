using FixupNet.Reporting.Comparisons;
using FixupNet.Reporting.Statistics;

namespace FixupNet.Reporting.Tests.Comparisons;

internal sealed class GroupTestTests : ComparisonTests
{
    // Ends of the intervals as in the tests of each test, tenths of hours.
    [TestCase(ComparisonTest.Welch, "welch", -0.02054832307117102, 0.33654832307117104)]
    [TestCase(ComparisonTest.PairedT, "paired-t", 0.0700114236702250, 0.24598857632977500)]
    [TestCase(ComparisonTest.Wilcoxon, "wilcoxon", 0.08, 0.27)]
    [TestCase(ComparisonTest.Permutation, "paired-permutation", 0.08333333333333, 0.24666666666667)]
    public void Run_TestsAsTold_WithTheIntervalOfTheTest(ComparisonTest test, string name, double low, double high)
    {
        AddSleep();

        var outcome = Compare("plain", "fixup", test).Rows.Single().Outcome;

        using (Assert.EnterMultipleScope())
        {
            Assert.That((outcome.Test, outcome.Result.PValue is > 0 and < 0.1), Is.EqualTo((name, true)));
            Assert.That(new[] { outcome.Interval!.Low, outcome.Interval.High }, Is.EqualTo(new[] { low, high }).Within(1e-9));
        }
    }

    [Test]
    public void Run_ComparesDepthByDepth_AndCorrectsForTheirNumber()
    {
        foreach (var depth in new[] { 20, 56 })
            for (var seed = 1; seed <= 4; seed++)
            {
                Add("plain", depth, seed, 0.40 + seed * 0.01);
                Add("fixup", depth, seed, 0.50 + seed * seed * 0.01 + depth * 1e-4);
            }

        var report = Compare("plain", "fixup");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(report.Rows.Select(row => row.Parameters["model.depth"].GetInt32()), Is.EqualTo(new[] { 20, 56 }));
            Assert.That(report.FamilySize, Is.EqualTo(2));
            Assert.That(report.Rows.Max(row => row.CorrectedPValue),
                Is.EqualTo(2 * report.Rows.Min(row => row.Outcome.Result.PValue)).Within(1e-12)
                    .Or.EqualTo(report.Rows.Max(row => row.Outcome.Result.PValue)).Within(1e-12));
            Assert.That(report.Rows.Min(row => row.CorrectedPValue), Is.EqualTo(2 * report.Rows.Min(row => row.Outcome.Result.PValue)).Within(1e-12));
        }
    }

    [TestCase(5, 1, true)] // the smallest p is 0.0625
    [TestCase(6, 1, false)] // 0.03125
    [TestCase(6, 2, true)] // 0.0625 after the correction
    public void Run_Warns_WhenNoDataCouldBeSignificant(int seedCount, int depthCount, bool expected)
    {
        for (var depth = 1; depth <= depthCount; depth++)
            for (var seed = 1; seed <= seedCount; seed++)
            {
                Add("plain", depth, seed, 0.4);
                Add("fixup", depth, seed, 0.4 + seed * 0.01);
            }

        var report = Compare("plain", "fixup", ComparisonTest.Wilcoxon);

        Assert.That(report.Rows.Any(row => row.Warnings.Any(warning => warning.StartsWith("can never be significant", StringComparison.Ordinal))), Is.EqualTo(expected));
        Assert.That(report.Rows.All(row => row.Warnings.Any(warning => warning.EndsWith("so there is no interval", StringComparison.Ordinal))), Is.EqualTo(seedCount == 5));
    }

    [Test]
    public void Run_PutsDifferencesWithinRoundingTogether()
    {
        int[] hundreds = [31, 45, 52, 58, 67, 73, 89]; // seven accuracies, a tenth above the baseline's but for one
        foreach (var (i, count) in hundreds.Index())
        {
            Add("plain", 20, i, count / 100.0);
            Add("fixup", 20, i, (count + (i == 3 ? -10 : 10)) / 100.0);
        }

        var outcome = Compare("plain", "fixup", ComparisonTest.Wilcoxon).Rows.Single().Outcome;

        Assert.That(outcome.Result.PValue, Is.EqualTo(0.125));
    }

    [Test]
    public void Run_SaysThatValuesDoNotVary(
        [Values(ComparisonTest.Auto, ComparisonTest.Welch, ComparisonTest.PairedT, ComparisonTest.Wilcoxon, ComparisonTest.Permutation)] ComparisonTest test,
        [Values(0, 100)] int seedShift)
    {
        for (var seed = 1; seed <= 7; seed++)
        {
            Add("plain", 20, seed, 0.7);
            Add("fixup", 20, seed + (test is ComparisonTest.PairedT or ComparisonTest.Wilcoxon ? 0 : seedShift), 0.1 * seed - 0.1 * seed + 0.8);
        }

        var row = Compare("plain", "fixup", test).Rows.Single();

        using (Assert.EnterMultipleScope())
        {
            Assert.That((row.Outcome.Result.PValue, row.Outcome.HedgesG, row.Outcome.Interval), Is.EqualTo(((double?)null, (EffectSize?)null, (Interval?)null)));
            Assert.That(row.Warnings, Has.Some.Contains("no p-value: the values do not vary"));
        }
    }

    [Test]
    public void Run_ShowsThePairs_WhenASideHasMoreTrials()
    {
        AddSleep();
        Add("fixup", 20, 11, 0.99);

        var row = Compare("plain", "fixup", ComparisonTest.PairedT).Rows.Single();

        using (Assert.EnterMultipleScope())
        {
            Assert.That((row.BaselineSide.Count, row.OtherSide.Count, row.OtherSide.PlannedCount), Is.EqualTo((10, 10, 11)));
            Assert.That(row.OtherSide.Mean - row.BaselineSide.Mean, Is.EqualTo(row.Outcome.Difference).Within(1e-12));
        }
    }

    [Test]
    public void Run_TestsEquivalences_AndCorrectsThemAsAFamily()
    {
        AddSleep();
        for (var seed = 1; seed <= 10; seed++) Add("zero", 20, seed, 0.4 + seed * 0.001);

        var report = SweepComparison.Run(new(
            Selection(Sweep, "model.variant=plain"), [Selection(Sweep, "model.variant=fixup"), Selection(Sweep, "model.variant=zero")],
            ComparisonMetric.All[0], Margin: 0.3));
        var (equivalence, other) = (report.Rows[0].Outcome.Equivalence!, report.Rows[1].Outcome.Equivalence!);

        using (Assert.EnterMultipleScope()) // as in TTestsTests, in tenths
        {
            Assert.That((report.Margin, equivalence.Test, equivalence.Confidence), Is.EqualTo((0.3, "tost-paired", 0.9)));
            Assert.That(equivalence.Result!.PValue, Is.EqualTo(0.002655570292658671).Within(1e-9));
            Assert.That(new[] { equivalence.Interval!.Low, equivalence.Interval.High }, Is.EqualTo(new[] { 0.08669947329717288, 0.22930052670282715 }).Within(1e-9));
            Assert.That(Math.Min(equivalence.CorrectedPValue!.Value / equivalence.Result.PValue, other.CorrectedPValue!.Value / other.Result!.PValue), Is.EqualTo(1).Within(1e-9));
            Assert.That(Math.Max(equivalence.CorrectedPValue!.Value / equivalence.Result.PValue, other.CorrectedPValue!.Value / other.Result!.PValue), Is.EqualTo(2).Within(1e-9));
        }
    }

    [Test]
    public void Run_TestsEquivalenceByWelch_WhenSeedsAreNotShared()
    {
        AddSleep(seedShift: 100);

        var equivalence = SweepComparison.Run(new(
            Selection(Sweep, "model.variant=plain"), [Selection(Sweep, "model.variant=fixup")], ComparisonMetric.All[0], Margin: 0.4)).Rows.Single().Outcome.Equivalence!;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(equivalence.Test, Is.EqualTo("tost-welch"));
            Assert.That(equivalence.Result!.UpperPValue, Is.EqualTo(0.005361624103159117).Within(1e-9)); // as in TTestsTests, in tenths
        }
    }

    [TestCase(ComparisonTest.Wilcoxon)]
    [TestCase(ComparisonTest.Permutation)]
    public void Run_RefusesEquivalence_WhenTheTestIsNoTTest(ComparisonTest test)
    {
        AddSleep();

        Assert.That(() => SweepComparison.Run(new(
            Selection(Sweep, "model.variant=plain"), [Selection(Sweep, "model.variant=fixup")], ComparisonMetric.All[0], test, Margin: 0.1)),
            Throws.TypeOf<ComparisonException>().With.Message.Contains("auto, welch or paired-t"));
    }
}
