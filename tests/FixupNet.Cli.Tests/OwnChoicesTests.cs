using FixupNet.Architectures;
using FixupNet.Experiments;
using FixupNet.Experiments.Configuration;
using FixupNet.Initialization;
using FixupNet.Initialization.Schemes;
using FixupNet.Methods;
using FixupNet.Runs;
using FixupNet.Training.Data;

namespace FixupNet.Cli.Tests;

/// <summary>A program's own choices, in every command.</summary>
internal sealed class OwnChoicesTests : CliTests
{
    private sealed record Nothing;

    private static readonly ConfigRegistries s_registries = ProductRegistries.All with
    {
        Methods = MethodZoo.All.With(new MethodEntry("own-method", "A user's method", new StableMethod())),
        Initializations = InitializationSchemes.All.With(new InitializationEntry("own-scheme", "A user's scheme", new XavierScheme())),
        Models = ModelZoo.All.With(ModelEntry.Of<ResNetCifarOptions>("own-model", "A user's model", (o, k, i) => new ResNetCifar(o, k, i), o => o.Variant ?? new PlainMethod())),
        Datasets = Datasets.All.With(DatasetEntry.Of<Nothing>(
            "own-dataset", "A user's dataset", ["one", "two"], _ => new ImageDataset("own-dataset", Images(32), Images(8), ["one", "two"], new([0.5, 0.5, 0.5], [1, 1, 1])), _ => (32, 8))),
    };

    private static CliResult RunOwn(params string[] args) => RunIn(host => host with { Registries = s_registries }, args);

    [TestCase("methods", "own-method", "A user's method")]
    [TestCase("initializers", "own-scheme", "A user's scheme")]
    [TestCase("models", "own-model", "A user's model")]
    [TestCase("datasets", "own-dataset", "A user's dataset")]
    public void Listing_HoldsThem(string verb, string name, string description) => Assert.That(RunOwn(verb).Output, Does.Match($"(?m)^{name} +{description}"));

    [Test]
    public void Training_UsesThem()
    {
        var file = Write("own.json", """
            { "name": "own", "dataset": { "name": "own-dataset" }, "initialization": { "name": "own-scheme" }, "training": { "epochs": 1, "batchSize": 16 },
              "model": { "name": "own-model", "variant": { "name": "own-method", "scaling": "decreasing" }, "depth": 8, "width": 2 } }
            """);

        var result = RunOwn("train", file, "--output", At("run"), "--threads", "1");

        Assert.That((result.ExitCode, new TrialDirectory(At("run")).ReadSummary()?.Steps), Is.EqualTo((ExitCodes.Success, 2L)), result.Error);
    }

    private static ImageSet Images(int count) => new(new byte[count * ImageSet.BytesPerImage], [.. Enumerable.Range(0, count).Select(i => (byte)(i % 2))]);
}
