using System.Text.Json.Nodes;
using FixupNet.Reliability.Tests.Harness;

namespace FixupNet.Reliability.Tests.Memory;

/// <summary>What "sweep plan" says that a training takes is near what it takes, where a step takes most: ResNet-50 at 224×224.</summary>
internal sealed class PlannedMemoryTests : ReliabilityTest
{
    private const double Tolerance = 0.25;

    // One evaluation of twenty images, which is as many as are evaluated at once.
    private const string Training = """
        "dataset": { "name": "image-folder", "root": "images", "size": 224 }, "model": { "name": "resnet-imagenet", "depth": 50 },
        "training": { "epochs": 1, "batchSize": 8 }, "checkpoint": { "finalWeights": false }
        """;

    // So deep that plans and steps make more garbage than the budget has room for.
    [Test]
    public void Budget_IsKept()
    {
        const long Budget = 800_000_000;
        var train = Write("train.json", $$"""
            { "name": "deep", "dataset": { "name": "synthetic-shapes", "trainExamples": 64, "testExamples": 16 }, "model": { "name": "resnet-cifar", "depth": 998 },
              "training": { "epochs": 1, "batchSize": 16, "memoryBudget": "{{Budget / 1_000_000}}MB" }, "checkpoint": { "finalWeights": false } }
            """);

        var trained = ProgramRun.Of("train", train, "--output", At("run"), "--threads", "2");

        Assert.That(trained.ExitCode, Is.Zero, trained.Error);
        Assert.That(File.ReadAllText(At("run", "env.json")), Does.Contain("computed again"));
        var taken = (long)JsonNode.Parse(File.ReadAllText(At("run", "summary.json")))!["peakMemoryBytes"]!;
        Assert.That(taken, Is.LessThanOrEqualTo(Budget));
    }

    [TestCase("fixup", "auto")]
    [TestCase("fixup", "eager")]
    [TestCase("batchnorm", "auto")]
    [TestCase("batchnorm", "eager")]
    [Category("Slow")]
    public void Plan_IsNearWhatATrainingTakes(string variant, string engine)
    {
        string[] changes = [$"model.variant={variant}", $"training.engine={engine}"];
        var exported = ProgramRun.Of("data", "export", "synthetic-shapes", At("images"), "--size", "64", "--train", "32", "--test", "20");
        var train = Write("train.json", $$"""{ "name": "large", {{Training}} }""");
        var sweep = Write("sweep.json", $$"""{ "name": "large", "base": { {{Training}} }, "seeds": [1] }""");

        var planned = Child.Run([ProgramRun.Program, "sweep", "plan", sweep, .. changes, "--json"]);
        var trained = Child.Run(TinyTrial.Command(train, At("run"), changes));

        Assert.That((exported.ExitCode, planned.ExitCode, trained.ExitCode), Is.EqualTo((0, 0, 0)), exported.Error + planned.Error + trained.Error);
        var predicted = (double)JsonNode.Parse(planned.Output)!["trials"]![0]!["estimatedPeakMemoryBytes"]!;
        var taken = (double)JsonNode.Parse(File.ReadAllText(At("run", "summary.json")))!["peakMemoryBytes"]!;
        TestContext.Out.WriteLine(FormattableString.Invariant($"ResNet-50 at 224×224, {variant}, {engine}: {predicted / 1e9:F2} GB predicted, {taken / 1e9:F2} GB taken"));
        Assert.That(predicted / taken, Is.InRange(1 - Tolerance, 1 + Tolerance));
    }
}
