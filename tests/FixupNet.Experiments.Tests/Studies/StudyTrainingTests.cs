using System.Text.Json;
using FixupNet.Experiments.Configuration;
using FixupNet.Experiments.Configuration.Nodes;
using FixupNet.Experiments.Studies;
using FixupNet.Experiments.Tests.Trials;
using FixupNet.Experiments.Trials;
using FixupNet.Runs;
using FixupNet.Runs.Json;
using FixupNet.Runs.Records;
using FixupNet.Training;
using FixupNet.Training.Checkpoints;
using FixupNet.Training.Data;
using FixupNet.Training.Tasks;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Experiments.Tests.Studies;

/// <summary>Trainings that studies start: the trial's own recipe but for what is varied, interrupted and taken up again.</summary>
internal sealed class StudyTrainingTests : TrialFixture
{
    [Test]
    public void Train_WithoutVariation_IsTheTrialsOwnTraining([Values("auto", "eager")] string engine)
    {
        var document = Document($"training.engine={engine}");
        Run(document, At("own"));

        using var training = Trainings(document).Train("same", new TrainingVariation());

        using var own = TrialAssembly.Create(document.Config, OnCpu);
        ModelWeights.Load(own.Network, WeightsOf(At("own")));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Weights(training.Network), Is.EqualTo(Weights(own.Network)));
            Assert.That(training.TestAccuracy, Is.EqualTo(At("own").ReadSummary()!.Test!["accuracy"]));
            Assert.That(training.Epochs.Select(epoch => epoch.Epoch), Is.EqualTo((int[])[1, 2]));
            Assert.That(training.Network.training, Is.False);
        }
    }

    [Test]
    public void Train_SeesWhatIsVaried()
    {
        var document = Document();
        var trainings = Trainings(document);
        var data = Data(document);

        using var own = trainings.Train("own", new TrainingVariation());
        using var seeded = trainings.Train("seeded", new TrainingVariation { Seeds = new(7) });
        using var ordered = trainings.Train("ordered", new TrainingVariation { Seeds = new Randomness.SeedPlan(1).With("data-order", 7), Epochs = 1 });
        using var smaller = trainings.Train("smaller", new TrainingVariation { Data = data.Subset([3, 1]) });

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Weights(seeded.Network), Is.Not.EqualTo(Weights(own.Network)));
            Assert.That(ordered.Epochs, Has.Count.EqualTo(1));
            Assert.That((smaller.Task.TrainCount, smaller.Task.TestCount), Is.EqualTo((2, 100)));
            Assert.That(((ImageDataset)smaller.Images.Dataset).Train.Labels, Is.EqualTo((byte[])[data.Train.Labels[3], data.Train.Labels[1]]));
        }
    }

    [Test]
    public void Train_GoesOn_WhereItWasInterrupted()
    {
        var document = Document();
        using var source = new CancellationTokenSource();
        var variation = new TrainingVariation { RecordsExamples = true };
        var interrupted = Trainings(document, source.Token, shape => new CancelAt(source, step: 9), "work");

        Assert.That(() => interrupted.Train("part", variation), Throws.InstanceOf<OperationCanceledException>());
        using var resumed = Trainings(document).Train("part", variation);
        using var whole = Trainings(document).Train("whole", variation);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Weights(resumed.Network), Is.EqualTo(Weights(whole.Network)));
            Assert.That(resumed.Epochs, Is.EqualTo(whole.Epochs));
            Assert.That(resumed.Examples.Select(example => (example.Presentations, example.Score)), Is.EqualTo(whole.Examples.Select(example => (example.Presentations, example.Score))));
            Assert.That(whole.Examples.Select(example => example.Presentations), Has.All.EqualTo(2), "every example once an epoch");
        }
    }

    [Test]
    public void Train_TakesUpWhatIsTrained()
    {
        var document = Document("training.epochs=1");
        var count = 0;
        using (var first = Trainings(document, progress: _ => { count++; return new CancelAt(new(), -1); }).Train("part", new TrainingVariation())) { }
        using var second = Trainings(document, progress: _ => { count++; return new CancelAt(new(), -1); }).Train("part", new TrainingVariation());

        Assert.That(count, Is.EqualTo(1));
    }

    // What an example was classified as is what the metrics of the same steps counted.
    [Test]
    public void Examples_AreThoseThatTheMetricsCounted()
    {
        using var training = Trainings(Document("training.batchSize=50")).Train("part", new TrainingVariation { RecordsExamples = true });
        var lines = JsonLinesReader.ReadAll<ExamplesLine>(Path.Combine(Folder.Path, "work", "part", "examples.jsonl")).ToList();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(lines.Select(line => line.Step), Is.EqualTo(Enumerable.Range(0, 8)));
            Assert.That(lines.Chunk(4).Select(epoch => epoch.Sum(line => line.Right.Count) / 200.0), Is.EqualTo(training.Epochs.Select(epoch => epoch.TrainAccuracy)).Within(1e-12));
            Assert.That(lines.Take(4).SelectMany(line => line.Right.Concat(line.Wrong)).Order(), Is.EqualTo(Enumerable.Range(0, 200)));
        }
    }

    [Test]
    public void Run_BeginsAnew_WhereOptionsAreOthers()
    {
        var document = Document();
        var work = new StudyWork(At("work").Root, Services(), CancellationToken.None);
        StudyRunner.Run(Choice("shares=2", "epochs=1"), document, null, OnCpu, work);
        var other = StudyRunner.Run(Choice("shares=2", "epochs=2"), document, null, OnCpu, work);
        var fresh = StudyRunner.Run(Choice("shares=2", "epochs=2"), document, null, OnCpu);

        Assert.That(other.Values, Is.EqualTo(fresh.Values));
    }

    [Test]
    public void Run_RefusesOtherTasks_ByName()
    {
        var document = TrainDocument.Parse("""{ "name": "words", "task": { "name": "translation", "trainExamples": 200, "testExamples": 20 }, "model": { "name": "transformer", "width": 16, "depth": 2 }, "optimizer": { "name": "adam" } }"""u8, "words.json", [], ProductRegistries.All);

        Assert.That(() => StudyRunner.Run(Choice(), document, null, OnCpu), Throws.InstanceOf<ConfigException>().With.Message.Contains("random-labels"));
    }

    private static StudyChoice Choice(params string[] options) => StudyChoice.Parse("random-labels", options, ProductRegistries.All);

    private StudyTrainings Trainings(TrainDocument document, CancellationToken cancellation = default, Func<TrialShape, TrainingObserver>? progress = null, string folder = "work") =>
        new(document, Data(document), OnCpu, new StudyWork(Path.Combine(Folder.Path, folder), Services(progress), cancellation));

    private static ImageDataset Data(TrainDocument document) => (ImageDataset)document.Config.Registries.Datasets[document.Config.Dataset.Name].Load(document.Config.Dataset.Options);

    private static string WeightsOf(TrialDirectory run) => Directory.EnumerateFiles(run.CheckpointsFolder, "model.safetensors", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Last();

    private static float[] Weights(nn.Module network) => [.. network.parameters().SelectMany(parameter => parameter.detach().cpu().contiguous().data<float>().ToArray())];

    private sealed class CancelAt(CancellationTokenSource source, long step) : TrainingObserver
    {
        public override void OnStep(StepReport report)
        {
            if (report.UpdatesMade == step) source.Cancel();
        }
    }
}
