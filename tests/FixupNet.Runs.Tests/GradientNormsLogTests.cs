using FixupNet.Runs.Json;
using FixupNet.Runs.Records;

namespace FixupNet.Runs.Tests;

public sealed class GradientNormsLogTests
{
    private string _folder = null!;

    private string File => Path.Combine(_folder, "gradient-norms.jsonl");

    [SetUp]
    public void CreateFolder() => _folder = Directory.CreateTempSubdirectory("fixupnet-").FullName;

    [TearDown]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(300)] // 6 MB: more than is read at once
    public void ReadLast_GivesTheLastStep(int steps)
    {
        Write(layers: 1000, steps);

        var last = GradientNormsLog.ReadLast(File)!.Value.Last;

        Assert.That((last.Step, last.Norms[^1]), Is.EqualTo((steps - 1, steps - 1 + 1.0 / 3)));
    }

    [Test]
    public void ReadLast_ReadsOn_WhenALineIsLongerThanWhatIsReadAtOnce()
    {
        Write(layers: 200_000, steps: 2);

        Assert.That(GradientNormsLog.ReadLast(File)!.Value.Last.Step, Is.EqualTo(1));
    }

    [TestCase("{\"step\":2,\"ep")]
    [TestCase("{\"step\":2,\"ep\n")]
    public void ReadLast_LeavesOutALineThatACrashCutOff(string end)
    {
        Write(layers: 3, steps: 2);
        System.IO.File.AppendAllText(File, end);

        Assert.That(GradientNormsLog.ReadLast(File)!.Value.Last.Step, Is.EqualTo(1));
    }

    [Test]
    public void ReadLast_TakesTheLastIntactLine_WhenMoreThanTheLastIsDamaged()
    {
        Write(layers: 3, steps: 2);
        System.IO.File.AppendAllText(File, "{\n{\n");

        Assert.That(GradientNormsLog.ReadLast(File)!.Value.Last.Step, Is.EqualTo(1));
    }

    [Test]
    public void ReadLast_Throws_WhenALineHasNormsOfOtherLayers()
    {
        Write(layers: 3, steps: 1);
        using (var writer = new JsonLinesWriter(File)) writer.Write(new GradientNormsLine(9, 1, 1, [1, 2]));

        Assert.That(() => GradientNormsLog.ReadLast(File), Throws.InstanceOf<InvalidDataException>().With.Message.Contains("2 norms for 3 layers"));
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("{\"layers\":[\"conv1\"]}\n")]
    [TestCase("{\"layers\":[\"conv1\"]}\n{\"st")]
    public void ReadLast_IsNull_WhenNoStepWasRecorded(string? content)
    {
        if (content is not null) System.IO.File.WriteAllText(File, content);

        Assert.That(GradientNormsLog.ReadLast(File), Is.Null);
    }

    [Test]
    public void Lines_TellTheEpochOfTheWeights_AlsoOfAFileWithoutVersion()
    {
        Write(layers: 1, steps: 2);

        using var log = GradientNormsLog.Open(File)!;

        Assert.That(log.Lines().Select(line => (line.Step, line.Epoch)), Is.EqualTo(new[] { (0L, 0.0), (1L, 0.5) }));
        Assert.That(GradientNormsLog.CountSteps(File), Is.EqualTo(2));
    }

    private void Write(int layers, int steps)
    {
        using var writer = new JsonLinesWriter(File);
        writer.Write(new GradientNormsHeader([.. Enumerable.Range(0, layers).Select(layer => $"layer{layer}")]));
        for (var step = 0; step < steps; step++) writer.Write(new GradientNormsLine(step, 1, 1, [.. Enumerable.Repeat(step + 1.0 / 3, layers)]));
    }
}
