using FixupNet.Diagnostics;
using FixupNet.Runs.Json;
using FixupNet.Runs.Records;
using FixupNet.Training.Observers;
using FixupNet.Training.Tests.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Training.Tests.Observers;

public sealed class ActivationRecorderTests
{
    private TempFolder _folder = null!;
    private DisposeScope _scope = null!;

    [SetUp]
    public void Open() => (_folder, _scope) = (new TempFolder(), NewDisposeScope());

    [TearDown]
    public void Close()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    [Test]
    public void OnBatch_WritesTheMomentsOfEveryBlock_EveryFewSteps()
    {
        using var network = Some.Network("plain");
        var batch = Some.Batch(4);
        var path = _folder.File("activations.jsonl");

        using (var recorder = new ActivationRecorder(path, network, everySteps: 2))
        {
            for (var i = 0; i < 4; i++) recorder.OnBatch(batch, i, i / 10.0);
        }

        var expected = ActivationMoments.Measure(network, batch.Images);
        var (header, lines) = Read(path);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(header!.Blocks, Is.EqualTo(new[] { "stem", "layer1.0", "layer2.0", "layer3.0" }));
            Assert.That(lines.Select(line => (line.Step, line.Epoch)), Is.EqualTo(new[] { (0L, 0.0), (2L, 0.2) }));
            Assert.That(lines[1].Mean, Is.EqualTo(expected.Select(block => block.Mean)));
            Assert.That(lines[1].SecondMoment, Is.EqualTo(expected.Select(block => block.SecondMoment)));
        }
    }

    [Test]
    public void OnBatch_LeavesRunningStatisticsAndModeAsTheyAre()
    {
        using var network = Some.Network("batchnorm");
        using var recorder = new ActivationRecorder(_folder.File("activations.jsonl"), network, everySteps: 1);
        var before = Some.State(network);

        recorder.OnBatch(Some.Batch(4), 0, 0);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Some.State(network), Is.EqualTo(before));
            Assert.That(network.training, Is.True);
        }
    }

    [Test]
    public void OnBatch_DoesNotChangeTraining() => Assert.That(Trained(recorded: true), Is.EqualTo(Trained(recorded: false)));

    private Dictionary<string, string> Trained(bool recorded)
    {
        using var network = Some.Network("batchnorm");
        using var optimizer = Some.Optimizer(network);
        var step = Some.Step(network, optimizer);
        using var recorder = new ActivationRecorder(_folder.File($"{recorded}.jsonl"), network, everySteps: 1);
        for (var i = 0; i < 3; i++)
        {
            var batch = Some.Batch(4 + i);
            if (recorded) recorder.OnBatch(batch, i, 0);
            step.Run(batch, learningRateFactor: 1);
        }
        return Some.State(network);
    }

    private static (ActivationsHeader? Header, List<ActivationsLine> Lines) Read(string path)
    {
        using var reader = new JsonLinesReader(path);
        var header = reader.Read<ActivationsHeader>();
        List<ActivationsLine> lines = [];
        while (reader.Read<ActivationsLine>() is { } line) lines.Add(line);
        return (header, lines);
    }
}
