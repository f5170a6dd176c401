using System.Text.Json;
using FixupNet.Reporting.Comparisons;
using FixupNet.Runs.Json;
using FixupNet.Runs.Metrics;
using FixupNet.Runs.Records;

namespace FixupNet.Reporting.Tests.Comparisons;

internal sealed class SweepComparisonTests : ComparisonTests
{
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

    [Test]
    public void Run_NamesTrialsThatDoNotCount()
    {
        for (var seed = 1; seed <= 4; seed++) Add("plain", 20, seed, 0.4 + seed * 0.01);
        for (var seed = 1; seed <= 3; seed++) Add("fixup", 20, seed, 0.5 + seed * seed * 0.01);
        Sweep.Add("fixup", 20, 4).WriteSummary(SweepFixture.Diverged(7, "conv1"));

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
        Sweep.Add("fixup", 20, 11);

        var row = Compare("plain", "fixup").Rows.Single();

        Assert.That(row.OtherSide.LeftOut.Single().Reason, Is.EqualTo("pending, has not ended"));
    }

    [Test]
    public void Run_NamesTrialsWithoutAFiniteValue()
    {
        AddSleep();
        Sweep.Add("fixup", 20, 11).WriteSummary(SweepFixture.Completed(0.5) with { Train = new MetricValues(("loss", double.NaN), ("accuracy", 0.1)) });

        var row = Compare("plain", "fixup", metric: "train-loss").Rows.Single();

        Assert.That(row.OtherSide.LeftOut.Single().Reason, Is.EqualTo("train-loss is NaN"));
    }

    [Test]
    public void Run_MatchesNumbersByValue()
    {
        using var other = new SweepFixture();
        for (var seed = 1; seed <= 3; seed++)
        {
            Sweep.Add(seed, ("optimizer.learningRate", JsonElement.Parse("1e-1")), ("model.width", JsonElement.Parse("8.0"))).WriteSummary(SweepFixture.Completed(0.4));
            Sweep.Add(seed, ("optimizer.learningRate", 0.2), ("model.width", 8)).WriteSummary(SweepFixture.Completed(0.4));
            other.Add(seed, ("optimizer.learningRate", 0.1), ("model.width", 8)).WriteSummary(SweepFixture.Completed(0.4));
            other.Add(seed, ("optimizer.learningRate", JsonElement.Parse("2E-1")), ("model.width", 8)).WriteSummary(SweepFixture.Completed(0.4));
        }

        var sweeps = SweepComparison.Run(new(Selection(Sweep, null), [Selection(other, null)], ComparisonMetric.All[0]));
        var values = SweepComparison.Run(new(
            Selection(Sweep, "optimizer.learningRate=0.10,model.width=8"), [Selection(other, "optimizer.learningRate=20e-2")], ComparisonMetric.All[0]));

        Assert.That((sweeps.Rows.Count, sweeps.Warnings.Count(warning => warning.StartsWith("Not compared", StringComparison.Ordinal)), values.Rows.Count), Is.EqualTo((2, 0, 1)));
    }

    [Test]
    public void Run_TellsWhatElseDiffersBetweenTheSides()
    {
        AddSleep();
        foreach (var line in Sweep.Sweep.ReadPlan())
        {
            var (variant, trial) = (line.Overrides["model.variant"].GetString(), Sweep.Sweep.Trial(line));
            File.WriteAllText(trial.ConfigFile,
                $$"""{ "name": "{{line.Index}}", "seed": {{line.Seed}}, "model": { "variant": "{{variant}}", "depth": {{(variant == "plain" ? "20.0" : "20")}} }, "initialization": { "name": "{{variant}}-like" } }""");
            trial.WriteEnvironment(new EnvironmentRecord(
                "command", "host", "os", "cpu", "10.0", "LibTorch", "1.13.1", 2, "aa", new Dictionary<string, long>(), DateTimeOffset.UnixEpoch, variant == "plain" ? "abc" : "def",
                Source: new SourceRecord(variant == "plain" ? "0123456789abcdef" : "fedcba9876543210", variant == "plain" ? "abc" : "def", true)));
        }

        var row = Compare("plain", "fixup").Rows.Single();

        Assert.That(row.Differences, Is.EqualTo(new[]
        {
            new DocumentDifference("initialization.name", "\"plain-like\"", "\"fixup-like\""), new DocumentDifference("env.build", "sources 0123456789", "sources fedcba9876"),
            new DocumentDifference("env.commit", "abc", "def"),
        }));
    }

    [Test]
    public void Run_GivesNoPValue_WhenEveryTrialDiverged()
    {
        AddSleep();
        for (var seed = 1; seed <= 3; seed++) Sweep.Add("zero", 20, seed).WriteSummary(SweepFixture.Diverged(seed, null));

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

        var report = SweepComparison.Run(new(Selection(Sweep, "model.variant=fixup"), [Selection(other, null)], ComparisonMetric.All[0]));

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
            Assert.That(() => SweepComparison.Run(new(Selection(Sweep, "model.dept=20"), [Selection(Sweep, null)], ComparisonMetric.All[0])),
                Throws.TypeOf<ComparisonException>().With.Property(nameof(ComparisonException.Allowed)).Contains("model.depth"));
            Assert.That(() => Compare("plain", "fixup", by: ["model.dept"]), Throws.TypeOf<ComparisonException>().With.Message.Contains("--by"));
        }
    }

    [Test]
    public void Run_RefusesToPoolGroups()
    {
        AddSleep();

        Assert.That(() => SweepComparison.Run(new(Selection(Sweep, null), [Selection(Sweep, "model.variant=fixup")], ComparisonMetric.All[0], By: ["model.depth"])),
            Throws.TypeOf<ComparisonException>().With.Message.Contains("which differ in model.variant"));
    }

    [Test]
    public void Run_CanBeWrittenAsJson()
    {
        AddSleep();

        var json = JsonSerializer.SerializeToNode(Compare("plain", "fixup"), RunJson.Compact)!;

        Assert.That(((string?)json["correction"], (int)json["rows"]![0]!["outcome"]!["pairCount"]!), Is.EqualTo(("holm", 10)));
    }
}
