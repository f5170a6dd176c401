using System.Text.Json;
using FixupNet.Reporting.Comparisons;
using FixupNet.Reporting.Statistics;
using FixupNet.Runs;
using FixupNet.Runs.Records;

namespace FixupNet.Reporting.Tests.Comparisons;

internal sealed class SweepComparisonTests
{
    private SweepFixture _sweep = null!;

    [SetUp]
    public void CreateSweep() => _sweep = new SweepFixture();

    [TearDown]
    public void DeleteSweep() => _sweep.Dispose();

    [Test]
    public void Run_PairsTrials_WhenSeedsAreShared()
    {
        AddSleep();

        var row = Compare("plain", "fixup").Rows.Single();

        using (Assert.EnterMultipleScope()) // Student's sleep in tenths, as in TTestsTests
        {
            Assert.That((row.Outcome.Test, row.Outcome.PairCount, row.BaselineSide.Count, row.OtherSide.Count), Is.EqualTo(("paired-t", 10, 10, 10)));
            Assert.That(row.Outcome.Difference, Is.EqualTo(0.158).Within(1e-12));
            Assert.That(row.Outcome.Result.PValue, Is.EqualTo(0.00283289019738427).Within(1e-9));
            Assert.That(row.Outcome.Interval!.Low, Is.EqualTo(0.0700114236702250).Within(1e-9));
            Assert.That(row.CorrectedPValue, Is.EqualTo(row.Outcome.Result.PValue));
        }
    }

    [Test]
    public void Run_ComparesGroupsAsWholes_WhenSeedsAreNotShared()
    {
        AddSleep(seedShift: 100);

        var row = Compare("plain", "fixup").Rows.Single();

        using (Assert.EnterMultipleScope())
        {
            Assert.That((row.Outcome.Test, row.Outcome.PairCount), Is.EqualTo(("welch", (int?)null)));
            Assert.That(row.Outcome.Result.PValue, Is.EqualTo(0.0793941401873582).Within(1e-9));
        }
    }

    [TestCase(ComparisonTest.Welch, "welch", "student")]
    [TestCase(ComparisonTest.PairedT, "paired-t", "student")]
    [TestCase(ComparisonTest.Wilcoxon, "wilcoxon", "bootstrap")]
    [TestCase(ComparisonTest.Permutation, "paired-permutation", "bootstrap")]
    public void Run_TestsAsTold(ComparisonTest test, string name, string interval)
    {
        AddSleep();

        var outcome = Compare("plain", "fixup", test).Rows.Single().Outcome;

        Assert.That((outcome.Test, outcome.IntervalKind, outcome.Result.PValue is > 0 and < 0.1), Is.EqualTo((name, interval, true)));
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

    [Test]
    public void Run_NamesTrialsThatDoNotCount()
    {
        for (var seed = 1; seed <= 4; seed++) Add("plain", 20, seed, 0.4 + seed * 0.01);
        for (var seed = 1; seed <= 3; seed++) Add("fixup", 20, seed, 0.5 + seed * seed * 0.01);
        _sweep.Add("fixup", 20, 4).WriteSummary(SweepFixture.Diverged(7, "conv1"));

        var row = Compare("plain", "fixup").Rows.Single();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(row.OtherSide.LeftOut, Is.EqualTo(new[] { new LeftOutTrial("trial", TrialState.Diverged, "diverged at step 7") }));
            Assert.That((row.OtherSide.PlannedCount, row.OtherSide.Count, row.Outcome.PairCount, row.Outcome.Test), Is.EqualTo((4, 3, 3, "paired-t")));
            Assert.That(row.Warnings, Has.Some.Contains("1 of 4 trials do not count: trial (diverged at step 7); its mean is of the others only"));
            Assert.That(row.Warnings, Has.Some.Contains("for want of a partner: seed 4"));
        }
    }

    [Test]
    public void Run_NamesTrialsThatHaveNotEnded()
    {
        AddSleep();
        _sweep.Add("fixup", 20, 11);

        var row = Compare("plain", "fixup").Rows.Single();

        Assert.That(row.OtherSide.LeftOut.Single().Reason, Is.EqualTo("pending, has not ended"));
    }

    [Test]
    public void Run_NamesTrialsWithoutAFiniteValue()
    {
        AddSleep();
        _sweep.Add("fixup", 20, 11).WriteSummary(SweepFixture.Completed(0.5) with { Train = new SplitResult(double.NaN, 0.1) });

        var row = Compare("plain", "fixup", metric: "train-loss").Rows.Single();

        Assert.That(row.OtherSide.LeftOut.Single().Reason, Is.EqualTo("train-loss is NaN"));
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
    }

    [Test]
    public void Run_GivesNoPValue_WhenEveryTrialDiverged()
    {
        AddSleep();
        for (var seed = 1; seed <= 3; seed++) _sweep.Add("zero", 20, seed).WriteSummary(SweepFixture.Diverged(seed, null));

        var report = Compare("plain", "zero");

        using (Assert.EnterMultipleScope())
        {
            Assert.That((report.FamilySize, report.Rows.Single().CorrectedPValue, report.Rows.Single().OtherSide.Mean), Is.EqualTo((0, (double?)null, (double?)null)));
            Assert.That(report.Rows.Single().Warnings, Has.Some.Contains("3 of 3 trials do not count").And.Some.Contains("no p-value"));
        }
    }

    [Test]
    public void Run_TellsWhatOnlyOneSideHas()
    {
        AddSleep();
        Add("fixup", 110, 1, 0.5);

        var report = Compare("plain", "fixup");

        Assert.That(report.Warnings, Has.Some.Contains("model.depth=110").And.Some.Contains("fixup has it"));
    }

    [Test]
    public void Run_ComparesSweeps()
    {
        using var other = new SweepFixture();
        for (var seed = 1; seed <= 3; seed++)
        {
            Add("fixup", 20, seed, 0.4 + seed * 0.01);
            Add("plain", 20, seed, 0.4 + seed * 0.01);
            other.Add("fixup", 20, seed).WriteSummary(SweepFixture.Completed(0.5 + seed * seed * 0.01));
        }

        var report = SweepComparison.Run(new(Selection(_sweep, "model.variant=fixup"), [Selection(other, null)], ComparisonMetric.All[0]));

        Assert.That(report.Rows.Single().Outcome.Difference, Is.EqualTo(0.1 + 0.08 / 3).Within(1e-12));
    }

    [Test]
    public void Run_Refuses_WhenAKeyOrValueDoesNotOccur()
    {
        AddSleep();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => Compare("plain", "fixp"), Throws.TypeOf<ComparisonException>().With.Property(nameof(ComparisonException.Given)).EqualTo("fixp")
                .And.Property(nameof(ComparisonException.Allowed)).Contains("fixup"));
            Assert.That(() => SweepComparison.Run(new(Selection(_sweep, "model.dept=20"), [Selection(_sweep, null)], ComparisonMetric.All[0])),
                Throws.TypeOf<ComparisonException>().With.Property(nameof(ComparisonException.Allowed)).Contains("model.depth"));
            Assert.That(() => Compare("plain", "fixup", by: ["model.dept"]), Throws.TypeOf<ComparisonException>().With.Message.Contains("--by"));
        }
    }

    [Test]
    public void Run_RefusesToPoolGroups()
    {
        AddSleep();

        Assert.That(() => SweepComparison.Run(new(Selection(_sweep, null), [Selection(_sweep, "model.variant=fixup")], ComparisonMetric.All[0], By: ["model.depth"])),
            Throws.TypeOf<ComparisonException>().With.Message.Contains("which differ in model.variant"));
    }

    [Test]
    public void Run_CanBeWrittenAsJson()
    {
        AddSleep();

        var json = JsonSerializer.SerializeToNode(Compare("plain", "fixup"), RunJson.Compact)!;

        Assert.That(((string?)json["correction"], (int)json["rows"]![0]!["outcome"]!["pairCount"]!), Is.EqualTo(("holm", 10)));
    }

    private ComparisonReport Compare(
        string baseline, string other, ComparisonTest test = ComparisonTest.Auto, string metric = "test-accuracy", IReadOnlyList<string>? by = null) =>
        SweepComparison.Run(new(
            Selection(_sweep, $"model.variant={baseline}"), [Selection(_sweep, $"model.variant={other}")],
            ComparisonMetric.All.Single(entry => entry.Name == metric), test, Correction.Holm, by));

    private static ComparisonSelection Selection(SweepFixture sweep, string? values) =>
        ComparisonSelection.Parse(values is null ? sweep.Sweep.Root : $"{sweep.Sweep.Root}:{values}");

    // Student's sleep, in tenths, so that it looks like accuracies.
    private void AddSleep(int seedShift = 0)
    {
        for (var i = 0; i < 10; i++)
        {
            Add("plain", 20, i + 1, 0.4 + Statistics.Published.FirstDrug[i] / 10);
            Add("fixup", 20, i + 1 + seedShift, 0.4 + Statistics.Published.SecondDrug[i] / 10);
        }
    }

    private void Add(string variant, int depth, int seed, double accuracy) => _sweep.Add(variant, depth, seed).WriteSummary(SweepFixture.Completed(accuracy));
}
