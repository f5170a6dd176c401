using FixupNet.Experiments.Configuration;
using FixupNet.Experiments.Configuration.Nodes;
using FixupNet.Experiments.Trials;
using FixupNet.Runs;
using FixupNet.Runs.Json;
using FixupNet.Runs.Metrics;
using FixupNet.Runs.Records;
using FixupNet.Training;

namespace FixupNet.Experiments.Tests.Trials;

internal sealed class TrialRunnerTests : TrialFixture
{
    private const string FinalWeights = "checkpoints/step-0000000014/model.safetensors";

    [Test]
    public void Run_WritesTheFilesOfATrial()
    {
        var directory = At("a");

        Run(Document("training.evaluateEveryEpochs=2"), directory);

        // Of a program that was built from changed sources, what was changed is kept too.
        string[] patch = directory.ReadEnvironment()!.Source!.Diff is { } diff ? [diff] : [];
        Assert.That(Files(directory), Is.EquivalentTo((string[])
        [
            ".lock", "config.json", "env.json", "status.json", "summary.json", "metrics.jsonl", "gradient-norms.jsonl", "activations.jsonl",
            "checkpoints/latest", "checkpoints/best", FinalWeights, "checkpoints/step-0000000014/optimizer.safetensors",
            "checkpoints/step-0000000014/state.json", "checkpoints/step-0000000014/manifest.json", .. patch,
        ]));
    }

    [Test]
    public void Run_ReturnsAndWritesTheSummary()
    {
        var directory = At("a");

        var summary = Run(Document(), directory);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(directory.ReadSummary(), Is.EqualTo(summary));
            Assert.That((summary.State, summary.Steps, summary.Epochs, summary.Divergence), Is.EqualTo((TrialState.Completed, 14L, 2.0, (DivergenceRecord?)null)));
            Assert.That(summary.Train!["accuracy"], Is.InRange(0.0, 1.0));
            Assert.That(summary.Test!["accuracy"], Is.InRange(0.0, 1.0));
            Assert.That(summary.Best!.Value, Is.GreaterThanOrEqualTo(summary.Test["accuracy"]!.Value));
            Assert.That((summary.GradientNorms!.FirstLayer, summary.GradientNorms.LastLayer), Is.EqualTo(("conv1", "fc")));
            Assert.That(summary.GradientNorms.MaxTotalNorm, Is.Positive);
            Assert.That(summary.ParameterCount, Is.EqualTo(4886 + 17)); // weights of stem, blocks and classifier; 2 + 3 · 5 scalars
            Assert.That(summary.ElapsedSeconds, Is.Positive);
        }
    }

    [Test]
    public void Run_RecordsHowAStepFitsIntoMemory()
    {
        var directory = At("a");

        Run(Document("training.engine=eager"), directory);

        var plan = directory.ReadEnvironment()!.StepPlan!;
        using (Assert.EnterMultipleScope())
        {
            Assert.That((plan.MicroBatchSize, plan.Recompute), Is.EqualTo((32, false)));
            Assert.That(plan.PredictedBytes, Is.GreaterThan(ProcessMemory.ResidentBytes / 2));
            Assert.That(plan.Reason, Does.StartWith("the whole batch of 32 fits"));
        }
    }

    [Test]
    public void Run_LeavesTheDirectoryAlone_WhenAStepDoesNotFitIntoMemory()
    {
        var directory = At("a");

        Assert.That(() => Run(Document("training.memoryBudget=1MB"), directory), Throws.TypeOf<ConfigException>().With.Message.Contains("needs at least"));
        Assert.That(Files(directory), Is.EqualTo(new[] { ".lock" }));
    }

    [Test]
    public void Run_WritesConfigurationEnvironmentAndStatus()
    {
        var directory = At("a");
        var document = Document("seed=7");

        Run(document, directory);

        var environment = directory.ReadEnvironment()!;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(TrainDocument.Load(directory.ConfigFile, [], ProductRegistries.All).Json, Is.EqualTo(document.Json));
            Assert.That(environment.Command, Is.EqualTo(OnCpu.Command));
            Assert.That(environment.DatasetDigest, Does.Match("^[0-9a-f]{64}$"));
            Assert.That(environment.Seeds, Is.EqualTo(new Dictionary<string, long> { ["seed"] = 7 }));
            Assert.That(environment.Threads, Is.Positive);
            Assert.That((string[])[environment.Host, environment.Os, environment.Cpu, environment.Dotnet, environment.Provider, environment.Libtorch], Is.All.Not.Empty);
            Assert.That(directory.ReadStatus() is { State: TrialState.Completed, Step: 14, Epoch: 2, Reason: null }, Is.True);
        }
    }

    [Test]
    public void Run_WritesMetricsAndNormsAndActivations()
    {
        var directory = At("a");

        var summary = Run(Document(), directory);

        var metrics = JsonLinesReader.ReadAll<MetricsLine>(directory.MetricsFile).ToArray();
        var tests = metrics.Where(line => line.Split == MetricsSplit.Test).ToArray();
        var (norms, normLines) = Lines<GradientNormsHeader, GradientNormsLine>(directory.GradientNormsFile);
        var (activations, activationLines) = Lines<ActivationsHeader, ActivationsLine>(directory.ActivationsFile);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(metrics.Select(line => line.Seq), Is.EqualTo(Enumerable.Range(0, metrics.Length)));
            Assert.That(metrics.Where(line => line.Split == MetricsSplit.Train).Select(line => line.Step), Is.EqualTo(new[] { 0, 3, 6, 9, 12, 13 }));
            Assert.That(tests.Select(line => (line.Step, line.Epoch)), Is.EqualTo(new[] { (7L, 1.0), (14L, 2.0) }));
            Assert.That(tests[^1].Values, Is.EqualTo(summary.Test));
            Assert.That(norms.Layers, Has.Count.EqualTo(8).And.Contains("layer2.0.conv1"));
            Assert.That(normLines.Select(line => line.Step), Is.EqualTo(new[] { 0, 5, 10 }));
            Assert.That(normLines.Select(line => line.Norms.Count), Is.All.EqualTo(8));
            Assert.That(normLines[0].Norms.SkipLast(1), Is.All.Zero); // Fixup's initialization
            Assert.That(activations.Blocks, Is.EqualTo(new[] { "stem", "layer1.0", "layer2.0", "layer3.0" }));
            Assert.That(activationLines.Select(line => line.Step), Is.EqualTo(new[] { 0, 7 }));
            // One meaning everywhere: the epoch is that of the weights at this step, of which an epoch has seven.
            var places = metrics.Select(line => (line.Step, line.Epoch)).Concat(normLines.Select(line => (line.Step, line.Epoch)))
                .Concat(activationLines.Select(line => (line.Step, line.Epoch)));
            Assert.That(places.Select(place => Math.Abs(place.Step / 7.0 - place.Epoch)), Is.All.LessThan(1e-12)); // double rounding
        }
    }

    [Test]
    public void Run_RecordsTheSameGradients_AtTheSameStepsInAllLogs()
    {
        var directory = At("a");

        Run(Document("record.metricsEverySteps=3", "record.gradientNormsEverySteps=3"), directory);

        var norms = Lines<GradientNormsHeader, GradientNormsLine>(directory.GradientNormsFile).Lines.ToDictionary(line => line.Step, line => line.Total);
        var metrics = MetricsLog.Read(directory.MetricsFile).Where(line => line.Split == MetricsSplit.Train).ToDictionary(line => line.Step, line => line.GradientNorm);
        Assert.That(norms.Keys, Is.SubsetOf(metrics.Keys).And.EqualTo(new[] { 0, 3, 6, 9, 12 }));
        Assert.That(norms.Select(pair => metrics[pair.Key]), Is.EqualTo(norms.Values));
    }

    [Test]
    public void Run_WritesTheSame_WhenRunTwice()
    {
        var (first, second) = (At("a"), At("b"));

        Run(Document("augmentation.mixupAlpha=0.5"), first);
        Run(Document("augmentation.mixupAlpha=0.5"), second);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(WithoutClock(second), Is.EqualTo(WithoutClock(first)));
            Assert.That(File.ReadAllBytes(second.GradientNormsFile), Is.EqualTo(File.ReadAllBytes(first.GradientNormsFile)));
            Assert.That(File.ReadAllBytes(second.ActivationsFile), Is.EqualTo(File.ReadAllBytes(first.ActivationsFile)));
            Assert.That(Weights(second), Is.EqualTo(Weights(first)));
        }
    }

    // Neither what is recorded nor how often it is tested may change what is learned.
    [TestCase("record.activationsEverySteps=0")]
    [TestCase("record.gradientNormsEverySteps=0")]
    [TestCase("record.layers=all")]
    [TestCase("training.evaluateEveryEpochs=2")]
    public void Run_LearnsTheSame_WhateverIsRecorded(string change)
    {
        var (first, second) = (At("a"), At("b"));

        Run(Document("model.variant=batchnorm"), first);
        Run(Document("model.variant=batchnorm", change), second);

        Assert.That(Weights(second), Is.EqualTo(Weights(first)));
    }

    [Test]
    public void Run_LearnsSomethingElse_WhenTheSeedDiffers()
    {
        var (first, second) = (At("a"), At("b"));

        Run(Document(), first);
        Run(Document("seed=2"), second);

        Assert.That(Weights(second), Is.Not.EqualTo(Weights(first)));
    }

    [Test]
    public void Run_ReturnsTheStoredSummary_WhenTheTrialHasEnded()
    {
        var directory = At("a");
        var first = Run(Document(), directory);
        var metrics = File.ReadAllText(directory.MetricsFile);

        var second = TrialRunner.Run(
            Document(), directory, OnCpu, Services(_ => throw new AssertionException("It trains again.")), CancellationToken.None);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(second, Is.EqualTo(first));
            Assert.That(File.ReadAllText(directory.MetricsFile), Is.EqualTo(metrics));
        }
    }

    [Test]
    public void Run_RemovesWhatAKilledProcessLeftBehind()
    {
        var directory = At("a");
        Directory.CreateDirectory(directory.Root);
        File.WriteAllText(Path.Combine(directory.Root, ".env.json.0123abcd.tmp"), "{");

        Run(Document("training.epochs=0"), directory);

        Assert.That(Files(directory).Where(file => file.EndsWith(".tmp", StringComparison.Ordinal)), Is.Empty);
    }

    [Test]
    public void Run_Refuses_WhenTheDirectoryBelongsToAnotherConfiguration()
    {
        var directory = At("a");
        Run(Document("training.epochs=0"), directory);

        Assert.That(() => Run(Document("training.epochs=0", "seed=2"), directory), Throws.TypeOf<InvalidDataException>().With.Message.Contains("seed is 1 there and 2 here"));
    }

    [Test]
    public void Run_Refuses_WhenTheDirectoryIsInUse()
    {
        var directory = At("a");
        Directory.CreateDirectory(directory.Root);
        using var ownership = RunDirectoryLock.Acquire(directory.Root);

        Assert.That(() => Run(Document(), directory), Throws.TypeOf<RunDirectoryInUseException>());
    }

    [Test]
    public void Run_IsInterrupted_WhenCancelled_AndContinuesNextTime()
    {
        var (directory, undisturbed) = (At("a"), At("b"));
        using var source = new CancellationTokenSource();
        TrialShape? shape = null;

        var interrupted = TrialRunner.Run(Document(), directory, OnCpu, Services(given =>
        {
            shape = given;
            return new CancelAfter(5, source);
        }), source.Token);
        var (status, hadSummary, checkpoint) = (directory.ReadStatus()!, directory.IsEnded, File.ReadAllText(directory.LatestCheckpointFile));
        var completed = Run(Document(), directory);
        Run(Document(), undisturbed);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(shape, Is.EqualTo(new TrialShape(2, 7, 14, Task: TaskRecord.ImageClassification)));
            Assert.That((interrupted.State, interrupted.Steps), Is.EqualTo((TrialState.Interrupted, 5L)));
            Assert.That((status.State, status.Step, hadSummary, checkpoint), Is.EqualTo((TrialState.Interrupted, 5L, false, "step-0000000005\n")));
            Assert.That(completed.State, Is.EqualTo(TrialState.Completed));
            Assert.That(WithoutClock(directory), Is.EqualTo(WithoutClock(undisturbed)));
            Assert.That(File.ReadAllBytes(directory.GradientNormsFile), Is.EqualTo(File.ReadAllBytes(undisturbed.GradientNormsFile)));
            Assert.That(Weights(directory), Is.EqualTo(Weights(undisturbed)));
            Assert.That(directory.ReadEnvironment()!.Resumes!.Select(resume => resume.Step), Is.EqualTo(new[] { 5L }));
        }
    }

    [Test]
    public void Run_StopsToBeContinued_AfterMaxSteps([Values("true", "false")] string finalWeights)
    {
        var directory = At("a");

        var summary = Run(Document($"checkpoint.finalWeights={finalWeights}"), directory, OnCpu with { MaxSteps = 3 });

        using (Assert.EnterMultipleScope())
        {
            Assert.That((summary.State, summary.Steps), Is.EqualTo((TrialState.Stopped, 3L)));
            Assert.That((directory.IsEnded, directory.ReadStatus()!.State), Is.EqualTo((false, TrialState.Stopped)));
            Assert.That(Files(directory), Contains.Item("checkpoints/step-0000000003/model.safetensors"));
        }
    }

    [TestCase(true)]
    [TestCase(false)]
    public void Run_SavesTheFinalWeights_WhenAsked(bool finalWeights)
    {
        var directory = At("a");

        Run(Document($"checkpoint.finalWeights={(finalWeights ? "true" : "false")}"), directory);

        Assert.That(Files(directory).Contains(FinalWeights), Is.EqualTo(finalWeights));
        if (finalWeights) Assert.That(File.ReadAllText(directory.LatestCheckpointFile), Is.EqualTo("step-0000000014\n"));
        else Assert.That(Directory.Exists(directory.CheckpointsFolder), Is.False);
    }

    [Test]
    public void Run_StartsFromGivenWeights()
    {
        var (trained, again) = (At("a"), At("b"));
        var first = Run(Document(), trained);

        var second = Run(Document("training.epochs=0", "seed=5", $"initialization.weights={Path.Combine(trained.Root, FinalWeights)}"), again);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(second.Test, Is.EqualTo(first.Test));
            Assert.That((second.State, second.Steps, second.Train), Is.EqualTo((TrialState.Completed, 0L, (MetricValues?)null)));
        }
    }

    // The signal of a plain network doubles from block to block: at depth 110 the first update throws its weights out of range.
    [Test]
    public void Run_RecordsTheDivergence_OfADeepPlainNetwork()
    {
        var directory = At("a");

        var summary = Run(Deep("plain", "optimizer.learningRate=100", "stop.lossAbove=1e300", "record.metricsEverySteps=1"), directory);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(summary.State, Is.EqualTo(TrialState.Diverged));
            Assert.That(summary.Divergence!.Step, Is.EqualTo(summary.Steps).And.LessThan(4));
            Assert.That(summary.Divergence.Layer, Is.Not.Null.And.Not.Empty);
            Assert.That(directory.ReadSummary(), Is.EqualTo(summary));
            Assert.That(directory.ReadStatus()!.State, Is.EqualTo(TrialState.Diverged));
            Assert.That(directory.ReadStatus()!.Reason, Is.EqualTo($"{summary.Divergence.What} in {summary.Divergence.Layer}"));
            Assert.That(Lines<GradientNormsHeader, GradientNormsLine>(directory.GradientNormsFile).Lines[^1].Step, Is.EqualTo(summary.Divergence.Step));
            Assert.That(MetricsLog.Read(directory.MetricsFile).Select(line => line.Step), Is.EqualTo(Enumerable.Range(0, (int)summary.Steps + 1)), "each step once");
            Assert.That(Directory.Exists(directory.CheckpointsFolder), Is.False);
        }
    }

    [Test]
    public void Run_RecordsTheDivergence_WhenTheLossIsAboveTheLimit()
    {
        var summary = Run(Deep("plain"), At("a"));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(summary.State, Is.EqualTo(TrialState.Diverged));
            Assert.That(summary.Divergence!.What, Does.StartWith("loss ").And.EndWith(" is above 10000"));
        }
    }

    [Test]
    public void Run_Trains_ADeepFixupNetwork() => Assert.That(Run(Deep("fixup"), At("a")).State, Is.EqualTo(TrialState.Completed));

    [Test]
    public void Run_Refuses_BatchNormalizationInMicroBatches_AndLeavesTheDirectoryFree()
    {
        var directory = At("a");

        Assert.That(
            () => Run(Document("model.variant=batchnorm", "training.microBatchSize=8"), directory),
            Throws.TypeOf<ConfigException>().With.Message.Contains("training.microBatchSize"));

        Assert.That(Run(Document("model.variant=batchnorm", "training.epochs=0"), directory).State, Is.EqualTo(TrialState.Completed));
    }

    [Test]
    public void Run_Trains_FixupInMicroBatches() =>
        Assert.That(Run(Document("training.microBatchSize=12", "training.epochs=1"), At("a")).State, Is.EqualTo(TrialState.Completed));

    private static TrainDocument Deep(string variant, params string[] overrides) => Document([
        $"model.variant={variant}", "model.depth=110", "dataset.trainExamples=16", "dataset.testExamples=4", "training.batchSize=4",
        "training.epochs=1", "record.activationsEverySteps=0", .. overrides]);

    private static string[] Files(TrialDirectory directory) =>
        [.. Directory.EnumerateFiles(directory.Root, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(directory.Root, file).Replace(Path.DirectorySeparatorChar, '/'))];

    private static byte[] Weights(TrialDirectory directory) => File.ReadAllBytes(Path.Combine(directory.Root, FinalWeights));

    private static (THeader Header, List<TLine> Lines) Lines<THeader, TLine>(string path) where THeader : class where TLine : class
    {
        using var reader = new JsonLinesReader(path);
        var header = reader.Read<THeader>()!;
        List<TLine> lines = [];
        while (reader.Read<TLine>() is { } line) lines.Add(line);
        return (header, lines);
    }

    private sealed class CancelAfter(int steps, CancellationTokenSource source) : TrainingObserver
    {
        public override void OnStep(StepReport report)
        {
            if (report.UpdatesMade + 1 == steps) source.Cancel();
        }
    }
}
