using FixupNet.Reporting.Tables;

namespace FixupNet.Reporting.Tests.Tables;

public sealed class SweepTableFilesTests
{
    [Test]
    public void Write_ReplacesThreeFilesOfTheReport()
    {
        using var fixture = new SweepFixture();
        fixture.Add("fixup", 20, 1);
        SweepTableFiles.Write(fixture.Sweep.ReportFolder, "table", fixture.Read());
        fixture.Add("fixup", 110, 1);
        var table = fixture.Read();

        SweepTableFiles.Write(fixture.Sweep.ReportFolder, "table", table);

        Assert.That(
            Directory.GetFiles(fixture.Sweep.ReportFolder).Order().Select(file => (Path.GetFileName(file), File.ReadAllText(file))),
            Is.EqualTo(new[]
            {
                ("table.csv", SweepTableText.ToCsv(table)), ("table.json", SweepTableText.ToJson(table)), ("table.md", SweepTableText.ToMarkdown(table)),
            }));
    }
}
