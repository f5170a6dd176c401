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
                "table.md", "table.csv", "table.json", "figures/accuracy-against-depth.svg", "figures/time-against-depth.svg",
                "figures/memory-against-depth.svg",
            }));
        Assert.That(result.Page, Is.EqualTo(Path.Combine(fixture.Sweep.ReportFolder, "index.html")));
        Assert.That(result.Files.Append(result.Page).Where(file => !File.Exists(file)), Is.Empty);
        Assert.That(SweepTableText.ToJson(result.Table), Is.EqualTo(SweepTableText.ToJson(fixture.Read())));
    }
}
