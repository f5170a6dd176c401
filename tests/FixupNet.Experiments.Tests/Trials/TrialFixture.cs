using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using FixupNet.Experiments.Configuration;
using FixupNet.Experiments.Tests.Configuration;
using FixupNet.Experiments.Trials;
using FixupNet.Runs;
using FixupNet.Runs.Json;
using FixupNet.Runs.Records;
using FixupNet.Training;
using Serilog.Core;

namespace FixupNet.Experiments.Tests.Trials;

/// <summary>A folder for trials that train for two epochs of seven steps.</summary>
internal abstract class TrialFixture
{
    protected const string Tiny = """
        { "name": "tiny",
          "dataset": { "name": "synthetic-shapes", "trainExamples": 200, "testExamples": 100 },
          "model": { "name": "resnet-cifar", "depth": 8, "width": 4 },
          "training": { "epochs": 2, "batchSize": 32 },
          "record": { "gradientNormsEverySteps": 5, "activationsEverySteps": 7, "metricsEverySteps": 3 } }
        """;

    protected static readonly TrialOptions OnCpu = new(Device: "cpu", Command: "fixupnet train tiny.json");

    protected TemporaryFolder Folder { get; private set; } = null!;

    [SetUp]
    public void CreateFolder() => Folder = new TemporaryFolder();

    [TearDown]
    public void DeleteFolder() => Folder.Dispose();

    protected static TrainDocument Document(params string[] overrides) =>
        TrainDocument.Parse(Encoding.UTF8.GetBytes(Tiny), "tiny.json", overrides, ProductRegistries.All);

    protected TrialDirectory At(string name) => new(Path.Combine(Folder.Path, name));

    protected static TrialSummary Run(TrainDocument document, TrialDirectory directory, TrialOptions? options = null) =>
        TrialRunner.Run(document, directory, options ?? OnCpu, Services(), CancellationToken.None);

    protected static TrialServices Services(Func<TrialShape, TrainingObserver>? progress = null) => new(Logger.None, TimeProvider.System, progress);

    /// <summary>The lines of metrics without what depends on how long they took.</summary>
    protected static IEnumerable<string> WithoutClock(TrialDirectory directory) =>
        [.. JsonLinesReader.ReadAll<MetricsLine>(directory.MetricsFile)
            .Select(line => line with { ImagesPerSecond = null, PeakMemoryBytes = null, ElapsedSeconds = null, WaitedShare = null })
            .Select(line => JsonSerializer.Serialize(line, s_anyNumber))];

    private static readonly JsonSerializerOptions s_anyNumber = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };
}
