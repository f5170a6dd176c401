using FixupNet.Reporting.Exports;
using FixupNet.Reporting.Results;
using FixupNet.Reporting.Tables;
using FixupNet.Runs;
using FixupNet.Runs.Records;

namespace FixupNet.Reporting.Tests;

/// <summary>One report on several sweeps.</summary>
public sealed class JointReportTests
{
    private SweepFixture _first = null!;
    private SweepFixture _second = null!;

    [SetUp]
    public void CreateSweeps() => (_first, _second) = (new SweepFixture(), new SweepFixture());

    [TearDown]
    public void DeleteSweeps()
    {
        _first.Dispose();
        _second.Dispose();
    }

    [Test]
    public void Read_MakesOneGroupOfEqualConfigurations_WhenNoSeedWasTrainedTwice()
    {
        Add(_first, "fixup", 20, seed: 1, accuracy: 0.5);
        Add(_second, "fixup", 20, seed: 2, accuracy: 0.7);
        Add(_second, "fixup", 56, seed: 1, accuracy: 0.6);

        var table = Table();

        Assert.That(table.Keys, Is.EqualTo(new[] { "model.depth" }));
        Assert.That(table.Rows.Select(row => (row.Parameters["model.depth"].GetInt32(), row.Test("accuracy")!.Mean, row.Test("accuracy")!.Count)),
            Is.EqualTo(new[] { (20, 0.6, 2), (56, 0.6, 1) }).Using<(int, double, int)>((one, other) => one.Item1 == other.Item1 && Math.Abs(one.Item2 - other.Item2) < 1e-12 && one.Item3 == other.Item3));
    }

    [Test]
    public void Read_KeepsSweepsApart_WhenASeedWasTrainedTwice()
    {
        Add(_first, "fixup", 20, seed: 1, accuracy: 0.5);
        Add(_second, "fixup", 20, seed: 1, accuracy: 0.7);

        var table = Table();

        Assert.That(table.Keys, Is.EqualTo(new[] { "sweep" }));
        Assert.That(table.Rows.Select(row => (row.Parameters["sweep"].GetString(), row.Test("accuracy")!.Mean)), Is.EqualTo(new[] { (NameOf(_first), 0.5), (NameOf(_second), 0.7) }));
    }

    // A trial that another sweep took over is the same run: it has its env.json.
    [Test]
    public void Read_CountsARunOnce_WhenItWasTakenOver()
    {
        Add(_first, "fixup", 20, seed: 1, accuracy: 0.5);
        var copy = Add(_second, "fixup", 20, seed: 1, accuracy: 0.5);
        copy.WriteEnvironment(_first.Sweep.Trial(_first.Sweep.ReadPlan()[0]).ReadEnvironment()!);
        Add(_second, "fixup", 20, seed: 2, accuracy: 0.7);

        var joint = JointResults.Read(Sources(), JointGrouping.Auto);

        Assert.That((joint.IsApart, joint.LeftOut.Count, joint.Results.Groups.Single().Trials.Count), Is.EqualTo((false, 1, 2)));
    }

    [Test]
    public void Read_CountsEachSeedOnce_WhenSweepsAreTogether()
    {
        Add(_first, "fixup", 20, seed: 1, accuracy: 0.5);
        Add(_second, "fixup", 20, seed: 1, accuracy: 0.7);
        _second.Add("fixup", 20, 2); // has not begun

        var row = Table(JointGrouping.Together).Rows.Single();

        Assert.That((row.Test("accuracy")!.Mean, row.Test("accuracy")!.Count, row.SeedCount), Is.EqualTo((0.5, 1, 2))); // the sweep named first counts
    }

    // What both documents fix, but to different values, is a key too; what follows from a key of the grid, or is only written down, is none.
    [Test]
    public void Read_FindsTheKeysInWhichDocumentsDiffer()
    {
        Add(_first, "fixup", 20, seed: 1, accuracy: 0.5, more: """, "training": { "epochs": 1 }, "initialization": { "name": "fixup" }, "record": { "everySteps": 1 }""");
        Add(_first, "plain", 20, seed: 1, accuracy: 0.5, more: """, "training": { "epochs": 1 }, "initialization": { "name": "he" }, "record": { "everySteps": 1 }""");
        Add(_second, "fixup", 20, seed: 1, accuracy: 0.5, more: """, "training": { "epochs": 5 }, "initialization": { "name": "fixup" }, "record": { "everySteps": 2 }""");

        var table = Table();

        Assert.That((table.Keys, table.Rows.Count), Is.EqualTo((new[] { "model.variant", "training.epochs" }, 3)));
    }

    [Test]
    public void Write_TellsTheSweepOfEachTrial_AndComparesSweeps()
    {
        foreach (var seed in new[] { 1, 2, 3 })
        {
            Add(_first, "fixup", 20, seed, accuracy: 0.5 + seed * 0.01);
            Add(_second, "fixup", 20, seed, accuracy: 0.6 + seed * 0.02);
        }
        var folder = Directory.CreateTempSubdirectory("fixupnet-");

        var result = SweepReport.Write([_first.Sweep.Root, _second.Sweep.Root], folder.FullName);

        var page = System.Net.WebUtility.HtmlDecode(File.ReadAllText(result.Page));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(page, Does.Contain($"<h1>{NameOf(_first)} + {NameOf(_second)}</h1>").And.Contain("3 configurations with their seeds were trained in more than one"));
            Assert.That(page, Does.Contain($"compared with {NameOf(_first)} (A)").And.Contain("paired by seed").And.Contain("+12.00"));
            Assert.That(page.Split($"<td class=\"text name\">{NameOf(_second)}</td>"), Has.Length.GreaterThan(3)); // the sweeps, the groups, each trial
            Assert.That(File.ReadAllLines(Path.Combine(folder.FullName, "trials.csv"))[1], Does.StartWith($"{NameOf(_first)},1,"));
        }
        folder.Delete(recursive: true);
    }

    [Test]
    public void Export_HasAColumnOfSweeps()
    {
        Add(_first, "fixup", 20, seed: 1, accuracy: 0.5);
        Add(_second, "fixup", 56, seed: 1, accuracy: 0.7);
        var folder = Directory.CreateTempSubdirectory("fixupnet-");

        RunExport.Write([_first.Sweep.Root, _second.Sweep.Root], "csv", folder.FullName);

        Assert.That(File.ReadAllLines(Path.Combine(folder.FullName, "summary.csv")).Select(line => string.Join(',', line.Split(',')[..4])),
            Is.EqualTo(new[] { "sweep,trial,name,seed", $"{NameOf(_first)},0,trial,1", $"{NameOf(_second)},0,trial,1" }));
        folder.Delete(recursive: true);
    }

    [TestCase("/a/x", "/b/y", "x", "y")]
    [TestCase("/a/x", "/b/x/", "a/x", "b/x")]
    public void NamesOf_TellsFoldersApart(string one, string other, params string[] expected) =>
        Assert.That(JointResults.NamesOf([one, other]), Is.EqualTo(expected));

    private IReadOnlyList<ReportSource> Sources() => [ReportSource.Of(_first.Sweep), ReportSource.Of(_second.Sweep)];

    private SweepTable Table(JointGrouping grouping = JointGrouping.Auto) => SweepTableReader.Read([_first.Sweep.Root, _second.Sweep.Root], grouping);

    private static string NameOf(SweepFixture fixture) => Path.GetFileName(fixture.Sweep.Root);

    private static TrialDirectory Add(SweepFixture fixture, string variant, int depth, int seed, double accuracy, string more = "")
    {
        var trial = fixture.Add(variant, depth, seed);
        File.WriteAllText(trial.ConfigFile, $$"""{ "name": "{{NameOf(fixture)}}", "seed": {{seed}}, "model": { "depth": {{depth}}, "variant": "{{variant}}" }{{more}} }""");
        trial.WriteSummary(SweepFixture.Completed(accuracy));
        trial.WriteEnvironment(new EnvironmentRecord($"train {trial.Root}", "host", "os", "cpu", ".NET", "LibTorch", "1.13", 1, "abc",
            new Dictionary<string, long> { ["seed"] = seed }, DateTimeOffset.UnixEpoch));
        return trial;
    }
}
