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
                Sweep.Trial(Line("0001-x-ab")).ConfigFile, Sweep.ReportFolder,
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
        Sweep.WritePlan([Line("0000-a-ab"), Line("0001-b-cd")]);

        var plan = Sweep.ReadPlan();

        Assert.That(plan.Select(line => line.Directory), Is.EqualTo(new[] { "0000-a-ab", "0001-b-cd" }));
        Assert.That(plan[1].Overrides.Select(pair => $"{pair.Key}={pair.Value}"),
            Is.EqualTo(new[] { "model.depth=20", "model.variant=fixup" }));
    }

    [TestCase("../../home")]
    [TestCase("/etc")]
    [TestCase("..")]
    public void ReadPlan_Throws_WhenATrialWouldLieElsewhere(string directory)
    {
        Sweep.WritePlan([Line("0000-a-ab"), Line(directory)]);

        Assert.That(() => Sweep.ReadPlan(), Throws.InstanceOf<InvalidDataException>().With.Message.Contains(Sweep.PlanFile));
    }

    [Test]
    public void ReadPlan_Throws_WhenTheLastTrialIsCutOff()
    {
        Sweep.WritePlan([Line("0000-a-ab"), Line("0001-b-cd")]);
        File.WriteAllText(Sweep.PlanFile, File.ReadAllText(Sweep.PlanFile)[..^5]);

        Assert.That(() => Sweep.ReadPlan(), Throws.InstanceOf<InvalidDataException>().With.Message.Contains(Sweep.PlanFile));
    }

    private static PlanLine Line(string directory) => new(1, "name", directory, 1, new Dictionary<string, JsonElement>
    {
        ["model.depth"] = JsonSerializer.SerializeToElement(20),
        ["model.variant"] = JsonSerializer.SerializeToElement("fixup"),
    });
}
