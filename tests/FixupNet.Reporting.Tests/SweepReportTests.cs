using FixupNet.Reporting.Tables;
using FixupNet.Runs.Records;

namespace FixupNet.Reporting.Tests;

public sealed class SweepReportTests
{
    [Test]
    public void Write_WritesPageTablesAndFigures()
    {
        using var fixture = new SweepFixture();
        fixture.Add("fixup", 20, 1).WriteSummary(SweepFixture.Completed(0.5));
        fixture.Add("fixup", 110, 1).WriteSummary(SweepFixture.Completed(0.5));

        var result = SweepReport.Write(fixture.Sweep.Root);

        Assert.That(result.Files.Select(file => Path.GetRelativePath(fixture.Sweep.ReportFolder, file).Replace('\\', '/')),
            Is.EqualTo(new[]
            {
                "table.md", "table.csv", "table.json", "trials.md", "trials.csv", "trials.json", "figures/accuracy-against-depth.svg", "figures/time-against-depth.svg",
                "figures/memory-against-depth.svg",
            }));
        Assert.That(File.ReadAllLines(Path.Combine(fixture.Sweep.ReportFolder, "trials.csv")).Select(line => string.Join(',', line.Split(',')[..3])),
            Is.EqualTo(new[] { "model.depth,seed,seedCount", "20,1,1", "110,1,1" }));
        Assert.That(result.Page, Is.EqualTo(Path.Combine(fixture.Sweep.ReportFolder, "index.html")));
        Assert.That(result.Files.Append(result.Page).Where(file => !File.Exists(file)), Is.Empty);
        Assert.That(SweepTableText.ToJson(result.Table), Is.EqualTo(SweepTableText.ToJson(fixture.Read())));
    }

    [Test]
    public void Write_TouchesNothingOfTheSweep_WhenTheReportGoesElsewhere()
    {
        using var fixture = new SweepFixture();
        fixture.Add("fixup", 20, 1).WriteSummary(SweepFixture.Completed(0.5));
        var before = Directory.GetFileSystemEntries(fixture.Sweep.Root, "*", SearchOption.AllDirectories);
        var folder = Directory.CreateTempSubdirectory("fixupnet-");

        var result = SweepReport.Write(fixture.Sweep.Root, folder.FullName);

        Assert.That(Directory.GetFileSystemEntries(fixture.Sweep.Root, "*", SearchOption.AllDirectories), Is.EqualTo(before));
        Assert.That(result.Files.Append(result.Page).Select(file => Path.GetRelativePath(folder.FullName, file)), Has.None.StartsWith("..").And.Member("index.html"));
        folder.Delete(recursive: true);
    }

    [TestCase(true)]
    [TestCase(false)] // while it goes on
    public void Write_MakesAPageOfOneRun(bool hasEnded)
    {
        using var fixture = new SweepFixture();
        var run = fixture.Add("fixup", 20, 7);
        File.WriteAllText(run.ConfigFile, """{ "name": "a-run", "about": "why", "seed": 7, "model": { "depth": 20 } }""");
        run.WriteStatus(new TrialStatus(hasEnded ? TrialState.Completed : TrialState.Running, 3, 0.5, DateTimeOffset.UnixEpoch));
        if (hasEnded) run.WriteSummary(SweepFixture.Completed(0.5));

        var page = File.ReadAllText(SweepReport.Write(run.Root).Page);

        Assert.That(page, Does.Contain("<h1>a-run</h1>").And.Contain(hasEnded ? "1 trial: 1 completed" : "1 trial: 1 running")
            .And.Contain($"./fixupnet train {run.ConfigFile} --output repeated/{Path.GetFileName(run.Root)}"));
    }

    [Test]
    public void Write_Refuses_WhenAFolderIsNeitherSweepNorRun() =>
        Assert.That(() => SweepReport.Write(Path.GetTempPath()), Throws.TypeOf<FileNotFoundException>().With.Message.Contains("neither plan.jsonl nor config.json"));
}
