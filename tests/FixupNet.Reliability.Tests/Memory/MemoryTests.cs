using System.Text;
using System.Text.Json.Nodes;
using FixupNet.Experiments;
using FixupNet.Experiments.Configuration;
using FixupNet.Experiments.Trials;
using FixupNet.Reliability.Tests.Harness;
using FixupNet.Runs;
using FixupNet.Runs.Records;
using FixupNet.Training;
using FixupNet.Training.Tasks;
using Serilog.Core;

namespace FixupNet.Reliability.Tests.Memory;

/// <summary>Promise 20: a training takes no more memory at its end than it took after its first steps.</summary>
internal sealed class MemoryTests : ReliabilityTest
{
    // The collector's own heaps vary by a few MiB, and a small process is not much larger than that.
    private const double MostGrowth = 0.01;
    private const long GarbageBytes = 4 << 20;

    // By then every path has been taken: metrics, norms, an evaluation, two checkpoints.
    private const double WarmUpShare = 0.25;

#if LIBTORCH_PROVIDER
    [TestCase("depth-first", "fixup", 100)]
    [TestCase("eager", "fixup", 60)]
    [TestCase("eager", "batchnorm", 60)]
    [TestCase("depth-first", "fixup", 5000, Category = "Slow")]
    [TestCase("eager", "fixup", 2000, Category = "Slow")]
    [TestCase("eager", "batchnorm", 2000, Category = "Slow")]
    public void Tensors_ReturnToTheirBaseline_AfterEveryStep(string engine, string variant, int steps)
    {
        var observer = new TensorObserver();
        var document = Parse(
            $"training.engine={engine}", $"model.variant={variant}", $"training.epochs={steps / 4}", "augmentation.mixupAlpha=0.2", "checkpoint.everySteps=10");
        var services = new TrialServices(Logger.None, TimeProvider.System, _ => observer);

        var summary = TrialRunner.Run(document, new TrialDirectory(At("run")), new TrialOptions("cpu", Threads: 1), services, CancellationToken.None);

        Assert.That((summary.State, summary.Steps), Is.EqualTo((TrialState.Completed, (long)steps)));
        Assert.That(observer.Bytes, Has.Count.EqualTo(steps));
        // Less where the collector came upon something left over from before.
        Assert.That(observer.Bytes, Is.Ordered.Descending);
        Figures.Note(20,
            $"{steps} steps ({engine}, {variant}): tensors held {observer.Bytes[0]:N0} bytes before the first and {observer.Bytes[^1]:N0} before the last");
    }
#endif

    [TestCase("depth-first", 8, 50_000)]
    [TestCase("eager", 8, 20_000)]
    [TestCase("depth-first", 1202, 1000)]
    [TestCase("eager", 1202, 1000)]
    [Category("Slow")]
    public void Process_DoesNotGrow(string engine, int depth, int steps)
    {
        const int StepsPerEpoch = 50;
        var document = Write("small.json", $$"""
            { "name": "small", "dataset": { "name": "synthetic-shapes", "trainExamples": {{StepsPerEpoch}}, "testExamples": 2 },
              "model": { "name": "resnet-cifar", "depth": {{depth}}, "width": 1 },
              "optimizer": { "name": "sgd", "learningRate": 1e-4 },
              "training": { "epochs": {{steps / StepsPerEpoch}}, "batchSize": 1, "engine": "{{engine}}", "evaluateEveryEpochs": {{steps / StepsPerEpoch / 10}} },
              "record": { "gradientNormsEverySteps": {{steps / 20}}, "metricsEverySteps": {{steps / 100}} }, "checkpoint": { "everySteps": {{steps / 20}} } }
            """);

        var run = Child.Run(TinyTrial.Command(document, At("run")));

        Assert.That(run.ExitCode, Is.Zero, run.Error);
        var peaks = File.ReadLines(At("run", "metrics.jsonl")).Select(line => JsonNode.Parse(line)!)
            .Where(line => line["peakMemoryBytes"] is not null)
            .Select(line => (Step: line["step"]!.GetValue<long>(), Bytes: line["peakMemoryBytes"]!.GetValue<long>())).ToList();
        var (warm, end) = (peaks.Last(peak => peak.Step <= WarmUpShare * steps).Bytes, peaks[^1].Bytes);
        Assert.That(peaks[^1].Step, Is.EqualTo(steps));
        Figures.Note(20,
            $"{steps:N0} steps at depth {depth:N0} ({engine}): {warm / 1024.0 / 1024:F1} MiB at most in the first quarter, {end / 1024.0 / 1024:F1} MiB at the end");
        Assert.That(end, Is.LessThan(warm * (1 + MostGrowth) + GarbageBytes));
    }

    // What "sweep plan" tells of a trial is what a training chooses by.
    [TestCase("fixup")]
    [TestCase("batchnorm")]
    [Category("Slow")]
    public void ResNet50_At224_TakesWhatWasPredicted_WithinAQuarter(string variant)
    {
        Assert.That(ProgramRun.Of("data", "export", "synthetic-shapes", At("images"), "--size", "224", "--train", "32", "--test", "10").ExitCode, Is.Zero);
        var document = Write("large.json", $$"""
            { "name": "large", "dataset": { "name": "image-folder", "root": "images" }, "model": { "name": "resnet-imagenet", "variant": "{{variant}}", "depth": 50 },
              "training": { "epochs": 1, "batchSize": 16 }, "record": { "metricsEverySteps": 1 } }
            """);

        var run = Child.Run(TinyTrial.Command(document, At("run"), "--max-steps", "2"));

        Assert.That(run.ExitCode, Is.Zero, run.Error);
        var predicted = new TrialDirectory(At("run")).ReadEnvironment()!.StepPlan!.PredictedBytes!.Value;
        var taken = JsonNode.Parse(File.ReadLines(At("run", "metrics.jsonl")).Last())!["peakMemoryBytes"]!.GetValue<long>();
        Figures.Note(20, $"ResNet-50 ({variant}) at 224×224, 16 images: {predicted / 1e9:F2} GB predicted, {taken / 1e9:F2} GB taken");
        Assert.That(taken / (double)predicted, Is.InRange(0.75, 1.25));
    }

    private static TrainDocument Parse(params string[] changes) => TrainDocument.Parse(
        Encoding.UTF8.GetBytes("""
            { "name": "held", "dataset": { "name": "synthetic-shapes", "trainExamples": 16, "testExamples": 4 },
              "model": { "name": "resnet-cifar", "depth": 8, "width": 2 }, "optimizer": { "name": "sgd", "learningRate": 0.001 },
              "training": { "epochs": 3, "batchSize": 4 }, "record": { "activationsEverySteps": 3 } }
            """), "held.json", changes, ProductRegistries.All);

#if LIBTORCH_PROVIDER
    private sealed class TensorObserver : TrainingObserver
    {
        /// <summary>What tensors held when each step was about to begin.</summary>
        public List<long> Bytes { get; } = [];

        public override void OnBatch(Batch batch, long updatesMade, double epoch) => Bytes.Add(TorchSharp.CpuMemory.AllocatedBytes);
    }
#endif
}
