using System.Text.Json;
using FixupNet.Runs.Records;

namespace FixupNet.Runs.Tests;

public sealed class SweepDirectoryTests : TemporaryFolderTests
{
    private SweepDirectory Sweep => new(Folder);

    [Test]
    public void Paths_AreThoseOfTheContract() =>
        Assert.That(
            new[]
            {
                Sweep.SweepFile, Sweep.ResolvedSweepFile, Sweep.PlanFile, Sweep.JournalFile("w-1"), Sweep.Claims.Root,
                Sweep.Trial(Line(1, "0001-x-ab")).ConfigFile, Sweep.ReportFolder,
            }.Select(path => Path.GetRelativePath(Folder, path).Replace('\\', '/')),
            Is.EqualTo(new[]
            {
                "sweep.json", "sweep.resolved.json", "plan.jsonl", "journal/w-1.jsonl", "claims",
                "trials/0001-x-ab/config.json", "report",
            }));

    [Test]
    public void JournalFile_Throws_WhenTheNameLeadsElsewhere() =>
        Assert.That(() => Sweep.JournalFile("../w"), Throws.ArgumentException.With.Message.StartsWith("\"../w\" is no name of a worker; use [a-z0-9.=-]."));

    [Test]
    public void ReadPlan_ReturnsWhatWasWritten()
    {
        Sweep.WritePlan([Line(0, "0000-a-ab"), Line(1, "0001-b-cd")]);

        var plan = Sweep.ReadPlan();

        Assert.That(plan.Select(line => line.Directory), Is.EqualTo(new[] { "0000-a-ab", "0001-b-cd" }));
        Assert.That(plan[1].Overrides.Select(pair => $"{pair.Key}={pair.Value}"),
            Is.EqualTo(new[] { "model.depth=20", "model.variant=fixup" }));
    }

    [TestCase("../../home")]
    [TestCase("/etc")]
    [TestCase("..")]
    [TestCase("con")]
    [TestCase("nul.txt")]
    [TestCase("a.")]
    public void ReadPlan_Throws_WhenATrialWouldLieElsewhere(string directory)
    {
        Sweep.WritePlan([Line(0, "0000-a-ab"), Line(1, directory)]);

        Assert.That(() => Sweep.ReadPlan(), Throws.InstanceOf<InvalidDataException>().With.Message.Contains(Sweep.PlanFile));
    }

    [Test]
    public void ReadPlan_Throws_WhenTheLastTrialIsCutOff()
    {
        Sweep.WritePlan([Line(0, "0000-a-ab"), Line(1, "0001-b-cd")]);
        File.WriteAllText(Sweep.PlanFile, File.ReadAllText(Sweep.PlanFile)[..^5]);

        Assert.That(() => Sweep.ReadPlan(), Throws.InstanceOf<InvalidDataException>().With.Message.Contains(Sweep.PlanFile));
    }

    [TestCase(0, "0001-b-cd", "has the index 0")]
    [TestCase(7, "0001-b-cd", "has the index 7")]
    [TestCase(1, "0000-a-ab", "directory of another one")]
    public void ReadPlan_Throws_WhenTrialsAreMixedUp(int index, string directory, string message)
    {
        Sweep.WritePlan([Line(0, "0000-a-ab"), Line(index, directory)]);

        Assert.That(() => Sweep.ReadPlan(), Throws.InstanceOf<InvalidDataException>().With.Message.Contains(message));
    }

    [Test]
    public void ReadPlan_Throws_WhenALineInTheMiddleIsDamaged()
    {
        Sweep.WritePlan([Line(0, "0000-a-ab"), Line(1, "0001-b-cd")]);
        var lines = File.ReadAllLines(Sweep.PlanFile);
        File.WriteAllLines(Sweep.PlanFile, [lines[0], "garbage", lines[1]]);

        Assert.That(() => Sweep.ReadPlan(), Throws.InstanceOf<InvalidDataException>().With.Message.Contains("line 2 is damaged"));
    }

    [Test]
    public void ReadPlan_Throws_WhenAnOverrideIsNoText()
    {
        Sweep.WritePlan([Line(0, "0000-a-ab")]);
        File.WriteAllText(Sweep.PlanFile, File.ReadAllText(Sweep.PlanFile).Replace("fixup", "\\ud800"));

        Assert.That(() => Sweep.ReadPlan(), Throws.InstanceOf<InvalidDataException>().With.Message.Contains("not valid Unicode"));
    }

    private static PlanLine Line(int index, string directory) => new(index, "name", directory, 1, new Dictionary<string, JsonElement>
    {
        ["model.depth"] = JsonSerializer.SerializeToElement(20),
        ["model.variant"] = JsonSerializer.SerializeToElement("fixup"),
    });
}
