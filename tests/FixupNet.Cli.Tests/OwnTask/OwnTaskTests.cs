using System.Text.Json.Nodes;
using FixupNet.Architectures;
using FixupNet.Experiments;
using FixupNet.Experiments.Configuration;
using FixupNet.Experiments.Sweeps;
using FixupNet.Experiments.Trials;
using FixupNet.Runs;
using FixupNet.Runs.Checkpoints;
using FixupNet.Runs.Records;
using FixupNet.Training.Tasks;
using Serilog.Core;

namespace FixupNet.Cli.Tests.OwnTask;

/// <summary>A program's own task with metrics of its own, in every command, without a line of the product about it.</summary>
internal sealed class OwnTaskTests : CliTests
{
    private const string OwnTrain = """
        { "name": "own", "task": { "name": "linear-map", "dimension": 4, "trainExamples": 64, "testExamples": 32 }, "model": { "name": "vector-resnet", "depth": 8, "width": 4 },
          "training": { "epochs": 2, "batchSize": 16 }, "optimizer": { "name": "sgd", "learningRate": 0.02 }, "record": { "metricsEverySteps": 1, "tensorboard": true } }
        """;

    private static readonly ConfigRegistries s_registries = ProductRegistries.All with
    {
        Tasks = TaskRegistry.All.With(LinearMap.Entry),
        Models = ModelZoo.All.With(LinearMap.Model),
    };

    private static CliResult RunOwn(params string[] args) => RunIn(host => host with { Registries = s_registries, TrialProcess = new InThisProcess() }, args);

    private CliResult TrainOwn(string document, params string[] more) =>
        RunOwn(["train", Write("own.json", document), "--output", At("run"), "--threads", "1", "--device", "cpu", .. more]);

    private TrialDirectory Trained => new(At("run"));

    [Test]
    public void Tasks_ListsThemWithTheirOptions() =>
        Assert.That(RunOwn("tasks").Output, Does.Match("(?m)^image-classification .*\n").And.Match("(?m)^linear-map +learns a linear map of vectors +dimension=8 "));

    [Test]
    public void Train_RecordsTheTasksMetrics()
    {
        var result = TrainOwn(OwnTrain);

        Assert.That(result.ExitCode, Is.Zero, result.Error);
        var summary = Trained.ReadSummary()!;
        var lines = MetricsLog.Read(Trained.MetricsFile).ToList();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(summary.Test!.Select(value => value.Name), Is.EqualTo(new[] { "loss", "rightSigns", "typicalError", "explainedVariance" }));
            Assert.That(summary.Train!.Select(value => value.Name), Is.EqualTo(new[] { "loss", "rightSigns", "typicalError" }));
            Assert.That(summary.Best, Is.EqualTo(new BestResult(2, 8, "explainedVariance", summary.Test!["explainedVariance"]!.Value)));
            Assert.That((summary.ImagesPerSecond, summary.ExamplesPerSecond), Is.EqualTo(((double?)null, summary.Speed)));
            Assert.That(lines.Where(line => line.Split == MetricsSplit.Train).Select(line => line.Values["typicalError"]), Is.All.Positive);
            Assert.That(File.ReadLines(Trained.MetricsFile).First(), Does.StartWith("{\"seq\":0,\"step\":0,\"epoch\":0,\"split\":\"train\",\"loss\":").And.Contains("\"rightSigns\":"));
            Assert.That(Trained.ReadEnvironment()!.Task!.Metrics, Is.EqualTo(LinearMap.Entry.Record.Metrics));
            Assert.That(result.Error, Does.Contain("64 training and 32 test vectors").And.Match("test explained variance -?[0-9.]+"));
            Assert.That(result.Output, Does.Match("test +loss [0-9.]+, right signs [0-9.]+").And.Match("best test +explained variance -?[0-9.]+ at epoch 2"));
        }
    }

    [Test]
    public void Document_LeavesOutTheSectionsOfImages_AndTakesTheNameAlone()
    {
        var resolved = JsonNode.Parse(RunOwn("config", "show", Write("own.json", OwnTrain)).Output)!.AsObject();
        var byName = JsonNode.Parse(RunOwn("config", "show", At("own.json"), "task=linear-map").Output)!;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(resolved.ContainsKey("dataset") || resolved.ContainsKey("augmentation"), Is.False);
            Assert.That(resolved["task"]!.ToJsonString(), Is.EqualTo("""{"name":"linear-map","dimension":4,"trainExamples":64,"testExamples":32,"seed":1}"""));
            Assert.That((int)byName["task"]!["dimension"]!, Is.EqualTo(8));
        }
    }

    [TestCase("dataset.name=cifar10", "dataset must be left out", "\"linear-map\"")]
    [TestCase("augmentation.flip=false", "augmentation must be left out", "\"linear-map\"")]
    [TestCase("model.name=resnet-cifar", "model.name is \"resnet-cifar\", which takes images", "Use \"vector-resnet\".")]
    [TestCase("checkpoint.bestBy=accuracy", "checkpoint.bestBy is \"accuracy\"", "measures loss, explainedVariance, rightSigns, typicalError.")]
    [TestCase("regularization.labelSmoothing=0.1", "regularization.labelSmoothing must be 0", "no labels to smooth")]
    [TestCase("initialization.name=lsuv", "initialization.name is \"lsuv\"", "\"linear-map\" gives none")]
    [TestCase("training.engine=depth-first", "training.engine is \"depth-first\"", "it learns image classification")]
    [TestCase("training.engine=cuda-graph", "training.engine is \"cuda-graph\"", "it learns image classification")]
    [TestCase("task.dimensoin=3", "task.dimensoin is not an option of \"linear-map\"", "did you mean \"dimension\"?")]
    [TestCase("task.name=linear-mapp", "task.name is \"linear-mapp\"", "did you mean \"linear-map\"?")]
    public void Document_IsRefused_BeforeAnythingStarts(string change, string problem, string advice)
    {
        var result = RunOwn("train", Write("own.json", OwnTrain), change, "--output", At("run"));

        Assert.That((result.ExitCode, Directory.Exists(At("run"))), Is.EqualTo((ExitCodes.BadConfiguration, false)), result.Error);
        Assert.That(result.Error, Does.Contain(problem).And.Contain(advice));
    }

    [Test]
    public void BestBy_TakesAnyMetric_InItsOwnDirection()
    {
        var result = TrainOwn(OwnTrain, "checkpoint.bestBy=typicalError");

        Assert.That(result.ExitCode, Is.Zero, result.Error);
        var tests = MetricsLog.Read(Trained.MetricsFile).Where(line => line.Split == MetricsSplit.Test).Select(line => line.Values["typicalError"]!.Value).ToList();
        Assert.That((Trained.ReadSummary()!.Best!.Metric, Trained.ReadSummary()!.Best!.Value), Is.EqualTo(("typicalError", tests.Min())));
    }

    [Test]
    public void Train_GoesOnWithTheSameBits_AfterAnInterruption()
    {
        Assert.That(TrainOwn(OwnTrain, "--max-steps", "3").ExitCode, Is.Zero);
        Assert.That(TrainOwn(OwnTrain).ExitCode, Is.Zero);
        var (summary, weights) = (Trained.ReadSummary()!, Weights());

        Directory.Delete(At("run"), recursive: true);
        Assert.That(TrainOwn(OwnTrain).ExitCode, Is.Zero);

        Assert.That((summary.Train, summary.Test, summary.Best, weights), Is.EqualTo((Trained.ReadSummary()!.Train, Trained.ReadSummary()!.Test, Trained.ReadSummary()!.Best, Weights())));
    }

    [Test]
    public void Evaluate_MeasuresAsTheRunDid()
    {
        Assert.That(TrainOwn(OwnTrain).ExitCode, Is.Zero);

        var json = JsonNode.Parse(RunOwn("evaluate", At("run"), "--threads", "1", "--device", "cpu", "--json").Output)!;

        Assert.That(((double)json["explainedVariance"]!, (int)json["exampleCount"]!), Is.EqualTo((Trained.ReadSummary()!.Test!["explainedVariance"]!.Value, 32)));
    }

    [Test]
    public void Sweep_IsReportedComparedAndExported_ByTheTasksMetrics()
    {
        Write("own.json", OwnTrain);
        var sweep = RunOwn(
            "sweep", "run", Write("own-sweep.json", """{ "name": "own", "base": "own.json", "grid": { "model.depth": [8, 14], "model.variant": ["fixup", "plain"] }, "seeds": [1, 2] }"""),
            "--output", At("out"), "--threads", "1");
        Assert.That(sweep.ExitCode, Is.Zero, sweep.Error);
        var folder = Directory.GetDirectories(At("out")).Single();

        // The product reads them without knowing the task.
        var (report, status) = (Run("report", folder), Run("sweep", "status", folder));
        CliResult Compared(params string[] more) => Run(["compare", $"{folder}:model.variant=plain", $"{folder}:model.variant=fixup", .. more]);
        var (compared, other, wrong) = (Compared(), Compared("--metric", "test-right-signs", "--margin", "0.5%"), Compared("--metric", "test-acuracy"));
        var export = Run("export", folder, "--to", "csv", "--output", At("csv"));

        using (Assert.EnterMultipleScope())
        {
            Assert.That((report.ExitCode, status.ExitCode, compared.ExitCode, other.ExitCode, export.ExitCode), Is.EqualTo((0, 0, 0, 0, 0)), report.Error + compared.Error + other.Error);
            Assert.That(
                File.ReadLines(Path.Combine(folder, "report", "table.md")).First(),
                Does.Contain("| n | test explained variance | test right signs % | test typical error | train loss |").And.Contain("| examples/s |").And.Not.Contain("images"));
            Assert.That(File.ReadAllText(Path.Combine(folder, "report", "table.json")), Does.Contain("\"testExplainedVariance\": {").And.Not.Contain("ccuracy"));
            Assert.That(
                Directory.GetFiles(Path.Combine(folder, "report", "figures")).Select(Path.GetFileName),
                Is.SupersetOf(new[] { "explained-variance-against-depth.svg", "right-signs-against-depth.svg", "typical-error-against-depth.svg", "loss-depth-8.svg", "explained-variance-depth-14.svg" }));
            Assert.That(File.ReadAllText(Path.Combine(folder, "report", "figures", "typical-error-depth-8.svg")), Does.Contain("typical error (of the outputs' unit), log scale"));
            Assert.That(File.ReadAllText(Path.Combine(folder, "report", "index.html")), Does.Contain("Explained variance, right signs, typical error are those of the last test").And.Not.Contain("ccuracy"));
            Assert.That(status.Output, Does.Match("epoch +explained variance|epoch +right signs").And.Not.Contain("accuracy"));
            Assert.That(compared.Output, Does.StartWith("test-explained-variance; "));
            Assert.That(other.Output, Does.StartWith("test-right-signs, in percent"));
            Assert.That((wrong.ExitCode, wrong.Error.Contains("there is test-explained-variance, ")), Is.EqualTo((64, true)), wrong.Error);
            Assert.That(File.ReadLines(At("csv", "summary.csv")).First(), Does.Contain("trainLoss,trainRightSigns,trainTypicalError,testLoss,").Or.Contain("testExplainedVariance").And.Contain("bestTestExplainedVariance"));
            Assert.That(File.ReadLines(At("csv", "metrics.csv")).First(), Does.Contain("split,loss,rightSigns,typicalError,explainedVariance,gradientNorm"));
        }
    }

    private string Weights() => Convert.ToHexString(File.ReadAllBytes(Directory.GetFiles(Trained.CheckpointsFolder, Checkpoint.ModelFile, SearchOption.AllDirectories).Max(StringComparer.Ordinal)!));

    private sealed class InThisProcess : ITrialProcess
    {
        public Task<TrialExit> RunAsync(TrialLaunch launch, CancellationToken end, CancellationToken kill)
        {
            var document = TrainDocument.Load(launch.Trial.ConfigFile, [], s_registries);
            TrialRunner.Run(document, launch.Trial, new TrialOptions("cpu", launch.Threads), new TrialServices(Logger.None, TimeProvider.System), end);
            return Task.FromResult(new TrialExit(ExitCodes.Success, []));
        }
    }
}
