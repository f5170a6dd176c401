using FixupNet.Runs.Metrics;
using FixupNet.Runs.Records;

namespace FixupNet.Runs.Tests;

public sealed class TrialDirectoryTests : TemporaryFolderTests
{
    private static readonly TrialStatus Running = new(TrialState.Running, 5, 0.5, DateTimeOffset.UnixEpoch);

    private TrialDirectory Trial => new(Folder);

    [Test]
    public void Paths_AreThoseOfTheContract() =>
        Assert.That(
            new[]
            {
                Trial.ConfigFile, Trial.EnvironmentFile, Trial.StatusFile, Trial.MetricsFile, Trial.GradientNormsFile, Trial.ActivationsFile,
                Trial.SummaryFile, Trial.TextLogFile, Trial.JsonLogFile, Trial.CheckpointFolder(500), Trial.LatestCheckpointFile, Trial.BestCheckpointFile,
                Trial.TensorBoardFolder, Trial.ProbeFile,
            }.Select(path => Path.GetRelativePath(Folder, path).Replace('\\', '/')),
            Is.EqualTo(new[]
            {
                "config.json", "env.json", "status.json", "metrics.jsonl", "gradient-norms.jsonl", "activations.jsonl",
                "summary.json", "log.txt", "log.jsonl", "checkpoints/step-0000000500", "checkpoints/latest", "checkpoints/best",
                "tensorboard", "probe.json",
            }));

    [Test]
    public void ReadX_ReturnsNull_BeforeAnythingIsWritten() =>
        Assert.That((Trial.ReadStatus(), Trial.ReadSummary(), Trial.ReadEnvironment(), Trial.IsEnded, Trial.ReadState()),
            Is.EqualTo(((TrialStatus?)null, (TrialSummary?)null, (EnvironmentRecord?)null, false, TrialState.Pending)));

    [Test]
    public void ReadStatus_ReturnsWhatWasWrittenLast()
    {
        Trial.WriteStatus(Running);
        Trial.WriteStatus(Running with { State = TrialState.Interrupted, Reason = "SIGTERM" });

        Assert.That(Trial.ReadStatus(), Is.EqualTo(Running with { State = TrialState.Interrupted, Reason = "SIGTERM" }));
    }

    [Test]
    public void ReadSummary_ReturnsWhatWasWritten_WhenDiverged()
    {
        var summary = new TrialSummary(TrialState.Diverged, 8, 0.125, 3.5, new MetricValues(("loss", double.NaN), ("accuracy", 0.1)), new MetricValues(("loss", double.PositiveInfinity), ("accuracy", 0.1)),
            new BestResult(0.1, 5, "accuracy", 0.11), new DivergenceRecord(7, "gradient", "layer1.0.conv1"),
            new GradientNormsSummary("conv1", double.PositiveInfinity, "fc", double.NaN, double.NaN), 100, 1 << 20, 1_731_506);

        Trial.WriteSummary(summary);

        Assert.That(Trial.ReadSummary(), Is.EqualTo(summary));
    }

    [Test]
    public void WriteSummary_SpellsKeysAsTheContract()
    {
        Trial.WriteSummary(new TrialSummary(TrialState.Diverged, 8, 0.125, 3.5, Test: new MetricValues(("loss", 2.5), ("accuracy", 0.1)), Divergence: new DivergenceRecord(7, "loss", "fc")));

        Assert.That(File.ReadAllText(Trial.SummaryFile), Is.EqualTo(
            """
            {
              "state": "diverged",
              "steps": 8,
              "epochs": 0.125,
              "elapsedSeconds": 3.5,
              "test": {
                "loss": 2.5,
                "accuracy": 0.1
              },
              "divergence": {
                "step": 7,
                "what": "loss",
                "layer": "fc"
              }
            }

            """));
    }

    [Test]
    public void ReadEnvironment_ReturnsWhatWasWritten()
    {
        var seeds = new Dictionary<string, long> { ["weights"] = 1, ["data"] = long.MaxValue };
        var environment = new EnvironmentRecord("fixupnet train 'a b.json'", "host", "Debian", "cpu", "10.0", "LibTorch", "2.6", 2, "ab12", seeds, DateTimeOffset.UnixEpoch, "0123abc");

        Trial.WriteEnvironment(environment);

        var read = Trial.ReadEnvironment()!;
        Assert.That(read with { Seeds = seeds }, Is.EqualTo(environment));
        Assert.That(read.Seeds, Is.EqualTo(seeds));
    }

    [Test]
    public void ReadState_IsTheResults_WhenTheStatusIsOlder()
    {
        Trial.WriteStatus(Running);
        Trial.WriteSummary(new TrialSummary(TrialState.Completed, 10, 1, 5));

        Assert.That((Trial.ReadState(), Trial.IsEnded), Is.EqualTo((TrialState.Completed, true)));
    }

    [Test]
    public void ReadState_IsTheStatuss_BeforeThereIsAResult()
    {
        Trial.WriteStatus(Running);

        Assert.That((Trial.ReadState(), Trial.IsEnded), Is.EqualTo((TrialState.Running, false)));
    }

    [TestCase(false, TrialState.Interrupted)]
    [TestCase(true, TrialState.Stopped)]
    public void ReadState_IsInterrupted_OfWhatWasStoppedWithoutAResult(bool hasResult, TrialState expected)
    {
        Trial.WriteStatus(Running with { State = TrialState.Stopped });
        if (hasResult) Trial.WriteSummary(new TrialSummary(TrialState.Stopped, 10, 1, 5));

        Assert.That(Trial.ReadState(), Is.EqualTo(expected));
    }

    [Test]
    public void ReadSummary_NamesTheFile_WhenDamaged()
    {
        File.WriteAllText(Trial.SummaryFile, "{\"state\":");

        Assert.That(() => Trial.ReadSummary(), Throws.InstanceOf<InvalidDataException>().With.Message.Contains(Trial.SummaryFile));
    }
}
