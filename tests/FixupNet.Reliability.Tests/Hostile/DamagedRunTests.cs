using System.Globalization;
using System.Text.Json.Nodes;
using FixupNet.Runs;
using FixupNet.Runs.Checkpoints;
using FixupNet.Runs.Files;

namespace FixupNet.Reliability.Tests.Hostile;

/// <summary>Promise 17, with the program: a run whose logs end in garbage goes on from its checkpoint as if nothing had been.</summary>
internal sealed class DamagedRunTests : ReliabilityTest
{
    private const string Document = """
        { "name": "tiny", "dataset": { "name": "synthetic-shapes", "trainExamples": 64, "testExamples": 8 }, "model": { "name": "resnet-cifar", "depth": 8, "width": 2 },
          "training": { "epochs": 1, "batchSize": 8, "engine": "eager" }, "record": { "metricsEverySteps": 1, "gradientNormsEverySteps": 1, "activationsEverySteps": 1 },
          "checkpoint": { "everySteps": 3, "keep": 9 } }
        """;

    private static readonly string[] s_logs = ["metrics.jsonl", "gradient-norms.jsonl", "activations.jsonl"];

    [Test]
    public void Train_Continues_WhenTheLogsEndInGarbage()
    {
        Assert.That(Train().ExitCode, Is.Zero);
        var run = new TrialDirectory(At("run"));
        var uninterrupted = s_logs.Select(log => Timeless(At("run", log))).ToList();
        Unend(run, step: 6);
        foreach (var (i, log) in s_logs.Index()) File.AppendAllText(At("run", log), ((string[])["garbage\n\0\0\0", "{\"seq\":99", "\n\n{}{}\n"])[i]);

        var resumed = Train();

        Assert.That(resumed.ExitCode, Is.Zero, resumed.Error);
        Assert.That(resumed.Error, Does.Contain("Continuing at step 6"));
        Assert.That(s_logs.Select(log => Timeless(At("run", log))), Is.EqualTo(uninterrupted));
        Figures.Note(17, string.Create(CultureInfo.InvariantCulture, $"{s_logs.Length} logs of a real run cut off in garbage, resumed: no record lost, none twice"));
    }

    private ProgramRun Train() => ProgramRun.Of("train", Write("train.json", Document), "--output", At("run"), "--threads", "1");

    // As a kill between the checkpoint and the end leaves it.
    private static void Unend(TrialDirectory run, long step)
    {
        File.Delete(run.SummaryFile);
        foreach (var later in new CheckpointStore(run, keep: 1).List().Where(name => string.CompareOrdinal(name, RunNames.Checkpoint(step)) > 0))
            Directory.Delete(Path.Combine(run.CheckpointsFolder, later), recursive: true);
    }

    private static List<string> Timeless(string log) => [.. File.ReadAllLines(log).Select(line =>
    {
        var record = JsonNode.Parse(line)!.AsObject();
        record.Remove("imagesPerSecond");
        record.Remove("peakMemoryBytes");
        record.Remove("elapsedSeconds");
        return record.ToJsonString();
    })];
}
