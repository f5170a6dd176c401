using FixupNet.Experiments.Configuration;
using FixupNet.Experiments.Configuration.Nodes;
using FixupNet.Runs;
using FixupNet.Runs.Files;
using FixupNet.Runs.Json;
using FixupNet.Runs.Records;

namespace FixupNet.Experiments.Tests.Trials;

/// <summary>Trials whose gradients are changed before the update.</summary>
internal sealed class GradientTransformTrialTests : TrialFixture
{
    private const string Transforms = """gradientTransforms=[{"name":"agc"},{"name":"clip-norm","maxNorm":0.05}]""";

    [Test]
    public void Run_TellsTheNormBeforeAndAfter_AndHowMuchWasClipped([Values("eager", "depth-first")] string engine)
    {
        var directory = At("a");

        Run(Document(Transforms, $"training.engine={engine}"), directory);

        var lines = Lines(directory);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(lines.Select(line => line.TransformedGradientNorm), Has.All.LessThan(0.05 * (1 + 1e-5))); // float32 rounding
            Assert.That(lines.Select(line => line.GradientNorm), Has.All.GreaterThan(0.1));
            Assert.That(lines.SelectMany(line => line.Clipped!.Keys).Distinct(), Is.EqualTo(new[] { "agc", "clip-norm" }));
            Assert.That(lines.Select(line => line.Clipped!["clip-norm"]), Has.All.EqualTo(1));
        }
    }

    // The same transforms in the same place: what differs is rounding.
    [Test]
    public void Run_LearnsTheSameOnBothEngines()
    {
        var (eager, depthFirst) = (At("a"), At("b"));

        Run(Document(Transforms, "training.engine=eager"), eager);
        Run(Document(Transforms, "training.engine=depth-first"), depthFirst);

        Assert.That(Lines(depthFirst).Select(line => line.Values.Loss), Is.EqualTo(Lines(eager).Select(line => line.Values.Loss)).Within(0.01).Percent);
    }

    [Test]
    public void Run_SaysNothingOfTransforms_WhereThereAreNone()
    {
        var directory = At("a");

        Run(Document("training.epochs=1"), directory);

        Assert.That(File.ReadAllText(directory.MetricsFile) + File.ReadAllText(directory.ConfigFile), Does.Not.Contain("ransform").And.Not.Contain("clipped"));
    }

    [Test]
    public void Document_TakesCapturedSteps_AndRefusesUnknownTransforms()
    {
        var unknown = Assert.Throws<ConfigException>(() => Document("""gradientTransforms=[{"name":"clipnorm"},{}]"""))!.Errors;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => Document(Transforms, "training.engine=cuda-graph"), Throws.Nothing);
            Assert.That(unknown.Select(error => error.Path), Is.EqualTo(new[] { "gradientTransforms[0].name", "gradientTransforms[1].name" }));
            Assert.That(unknown[0].Message, Does.Contain("clip-norm"));
        }
    }

    private static List<MetricsLine> Lines(TrialDirectory directory) =>
        [.. JsonLinesReader.ReadAll<MetricsLine>(directory.MetricsFile).Where(line => line.Split == MetricsSplit.Train)];
}
