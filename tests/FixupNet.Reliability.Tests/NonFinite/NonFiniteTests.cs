using System.Text;
using System.Text.Json.Nodes;
using FixupNet.Experiments;
using FixupNet.Experiments.Configuration;
using FixupNet.Experiments.Trials;
using FixupNet.Reliability.Tests.Harness;
using FixupNet.Runs;
using FixupNet.Runs.Records;
using FixupNet.Runs.Safetensors;
using FixupNet.Training;
using FixupNet.Training.Tasks;
using Serilog.Core;

namespace FixupNet.Reliability.Tests.NonFinite;

/// <summary>Promise 10: what is not finite is noticed in the step it appears in; the trial ends as diverged, with step and first layer; nothing that is
/// not finite is saved; a sweep goes on.</summary>
internal sealed class NonFiniteTests : ReliabilityTest
{
    private const int Steps = 6;

    private static readonly string[] s_networks = ["fixup", "plain", "batchnorm"];
    private static readonly double[] s_values = [double.NaN, double.PositiveInfinity, double.NegativeInfinity];

    [TestCase(16)]
    [TestCase(240, Category = "Slow")]
    public void NonFiniteNumber_IsNoticedInItsStep(int count)
    {
        var problems = Enumerable.Range(0, count).Select(ProblemWith).Where(problem => problem is not null).ToList();

        Assert.That(problems, Is.Empty);
        Figures.Note(10,
            $"{count} numbers made NaN or infinite at random steps, layers and elements (parameters, gradients, momentum, pixels; both engines), "
            + "all noticed in that step, with the layer");
    }

    [Test]
    public void NonFiniteNumber_IsRecorded_AndNeverSaved()
    {
        var directory = new TrialDirectory(At("run"));
        var document = Parse("checkpoint.everySteps=1", "training.epochs=2");
        var services = new TrialServices(Logger.None, TimeProvider.System, _ => new PixelObserver(step: 4));

        var summary = TrialRunner.Run(document, directory, new TrialOptions("cpu", Threads: 1), services, CancellationToken.None);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((summary.State, summary.Divergence!.Step, summary.Divergence.Layer), Is.EqualTo((TrialState.Diverged, 4L, "stem")));
            Assert.That(directory.ReadSummary(), Is.EqualTo(summary));
            Assert.That(directory.ReadStatus()!.State, Is.EqualTo(TrialState.Diverged));
            Assert.That(Trials.StepOfLatest(directory.Root), Is.EqualTo(4));
            Assert.That(SavedNumbers(directory), Is.Not.Empty.And.All.Matches<float>(float.IsFinite));
        }
    }

    // He's initialization doubles the signal's variance from block to block: at 10,004 layers it overflows before anything is learned, at 302
    // after the first update, whose gradients are of that size.
    [TestCase(302, 1)]
    [TestCase(10_004, 0, Category = "Slow")]
    public void DivergingTrial_DoesNotStopASweep(int depth, int step)
    {
        var sweep = Write("sweep.json", $$"""
            { "name": "deep", "base": { "dataset": { "name": "synthetic-shapes", "trainExamples": 4, "testExamples": 2 },
                "model": { "name": "resnet-cifar", "width": 1 }, "training": { "batchSize": 2 }, "stop": { "lossAbove": 1e300 } },
              "grid": { "model.variant": ["plain", "fixup"], "model.depth": [{{depth}}, 8] } }
            """);

        var run = Child.Run([ProgramRun.Program, "sweep", "run", sweep, "--output", Folder]);

        Assert.That(run.ExitCode, Is.Zero, run.Error);
        var ends = Directory.GetFiles(Folder, "summary.json", SearchOption.AllDirectories).Select(file => JsonNode.Parse(File.ReadAllText(file))!).ToList();
        var diverged = ends.Where(end => end["state"]!.GetValue<string>() == "diverged").ToList();
        Assert.That((ends.Count, diverged.Count), Is.EqualTo((4, 1)));
        var divergence = diverged[0]["divergence"]!;
        Assert.That((divergence["step"]!.GetValue<long>(), string.IsNullOrEmpty(divergence["layer"]?.GetValue<string>())), Is.EqualTo(((long)step, false)));
        Figures.Note(10, $"a plain network of {depth} layers, initialized as He et al. do, diverged at step {step} in {divergence["layer"]}; the sweep went on");
    }

    private static string? ProblemWith(int number)
    {
        var random = new Random(number);
        var (network, eager) = (s_networks[number % s_networks.Length], random.Next(2) == 0);
        eager |= network == "batchnorm";
        // The depth-first engine writes its gradients at once: nothing comes between them and the update.
        var kinds = eager ? Enum.GetValues<PoisonedKind>() : [PoisonedKind.Parameter, PoisonedKind.Pixel, PoisonedKind.Momentum];
        var poison = new Poison(random.Next(Steps), kinds[random.Next(kinds.Length)], s_values[random.Next(s_values.Length)], random);
        var depth = random.Next(2) == 0 ? 8 : 20;
        var document = Parse($"model.variant={network}", $"training.engine={(eager ? "eager" : "depth-first")}", $"model.depth={depth}");
        using var trial = TrialAssembly.Create(document.Config, new TrialOptions("cpu", Threads: 1));
        using var optimizer = new PoisonedOptimizer(trial, poison);
        var inner = eager ? new EagerStep(trial.Network, trial.Task, optimizer, trial.Norms, trial.Plan, stopAtNonFinite: true) : trial.Step;
        var trainer = new Trainer(new PoisonedStep(inner, trial, poison), trial.Network, trial.Task, trial.Schedule, TimeProvider.System);

        var options = new TrainerOptions(
            Epochs: 3, EvaluateEveryEpochs: 10, MaxSteps: null, StopAtNonFinite: true, StopAtLossAbove: 1e300, MaxDuration: null);
        var outcome = trainer.Run(options, [], CancellationToken.None);

        var place = $"{poison} of a {network} network, {(eager ? "eager" : "depth-first")}";
        if (outcome is not { State: TrialState.Diverged, Divergence: { } divergence }) return $"{place}: it ended {outcome.State} after {outcome.Steps} steps";
        if (divergence.Step != poison.Step) return $"{place}: noticed at step {divergence.Step}";
        return poison.IsFirstSeenIn(divergence.Layer, trial) ? null : $"{place}: blamed on {divergence.Layer}: {divergence.What}";
    }

    private static TrainDocument Parse(params string[] changes) => TrainDocument.Parse(
        Encoding.UTF8.GetBytes("""
            { "name": "poisoned", "dataset": { "name": "synthetic-shapes", "trainExamples": 6, "testExamples": 4 },
              "model": { "name": "resnet-cifar", "depth": 8, "width": 2 }, "optimizer": { "name": "sgd", "learningRate": 0.01 },
              "training": { "epochs": 3, "batchSize": 2 }, "stop": { "lossAbove": 1e300 } }
            """), "poisoned.json", changes, ProductRegistries.All);

    private static List<float> SavedNumbers(TrialDirectory directory) =>
        [.. Directory.GetFiles(directory.CheckpointsFolder, "*.safetensors", SearchOption.AllDirectories)
            .SelectMany(file => SafetensorsFile.Read(file).Entries).Where(entry => entry.DType == "F32")
            .SelectMany(entry => System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(entry.Data.Span).ToArray())];

    private sealed class PixelObserver(int step) : TrainingObserver
    {
        public override void OnBatch(Batch batch, long updatesMade, double epoch)
        {
            using var noGradients = TorchSharp.torch.no_grad();
            if (updatesMade == step) batch.Input.fill_(double.NaN);
        }
    }
}
