using System.Text;
using FixupNet.Experiments.Configuration;
using FixupNet.Experiments.Configuration.Nodes;

namespace FixupNet.Experiments.Tests.Checks;

/// <summary>What the product's own registries hold against a document as a whole.</summary>
internal sealed class DocumentCheckTests
{
    private static TrainDocument Parse(string json) => TrainDocument.Parse(Encoding.UTF8.GetBytes(json), "a.json", [], ProductRegistries.All);

    [TestCase("""{ "name": "a", "dataset": { "name": "cifar10", "trainExamples": 50001 } }""",
        "a.json:1: dataset.trainExamples is 50001; cifar10 has 50000 training images. Use that many at most, or null for all.")]
    [TestCase("""{ "name": "a", "dataset": { "name": "mnist", "testExamples": 10001 } }""",
        "a.json:1: dataset.testExamples is 10001; mnist has 10000 test images. Use that many at most, or null for all.")]
    [TestCase("""{ "name": "a", "schedule": { "name": "cosine", "warmupEpochs": 5 }, "training": { "epochs": 5 } }""",
        "a.json:1: schedule.warmupEpochs is 5; must be less than training.epochs, which is 5.")]
    [TestCase("""{ "name": "a", "training": { "precision": "bfloat16", "engine": "eager" } }""",
        "a.json:1: training.precision is \"bfloat16\", which the engine \"eager\" does not have. Use \"float32\", or the engine \"auto\".")]
    [TestCase("""{ "name": "a", "training": { "precision": "float64", "engine": "depth-first" } }""",
        "a.json:1: training.precision is \"float64\", which the engine \"depth-first\" does not have. Use \"float32\" or \"bfloat16\", or the engine \"auto\".")]
    [TestCase("""{ "name": "a", "regularization": { "dropout": 0.1 }, "training": { "engine": "depth-first" } }""",
        "a.json:1: training.engine is \"depth-first\", which has neither dropout nor stochastic depth. Use \"auto\" or \"eager\".")]
    [TestCase("""{ "name": "a", "model": { "variant": "batchnorm" }, "training": { "microBatchSize": 8 } }""",
        "a.json:1: training.microBatchSize is 8; must be null for a network with batch normalization, whose statistics need the whole batch of 128.")]
    public void Parse_Refuses(string json, string expected) =>
        Assert.That(Assert.Throws<ConfigException>(() => Parse(json))!.Message, Is.EqualTo(expected));

    [TestCase("""{ "name": "a", "dataset": { "name": "cifar10", "trainExamples": 50000, "testExamples": 10000 } }""")]
    [TestCase("""{ "name": "a", "schedule": { "name": "cosine", "warmupEpochs": 4.5 }, "training": { "epochs": 5 } }""")]
    [TestCase("""{ "name": "a", "schedule": { "name": "cosine", "warmupEpochs": 5 }, "training": { "epochs": 0 } }""")]
    [TestCase("""{ "name": "a", "model": { "variant": "batchnorm" }, "training": { "microBatchSize": 128 } }""")]
    public void Parse_TakesWhatCanBeTrained(string json) => Assert.That(Parse(json).Warnings, Is.Empty);

    [TestCase("""{ "name": "a", "dataset": { "trainExamples": 64 } }""", "a.json:1: warning: training.batchSize is 128, more than the 64 training images: every step takes all of them.")]
    [TestCase("""{ "name": "a", "schedule": { "name": "steps", "milestonesEpochs": [3], "warmupEpochs": 2 }, "training": { "epochs": 2 } }""",
        "a.json:1: warning: schedule.warmupEpochs is 2, and training.epochs is 2: the learning rate never reaches its full value.")]
    public void Parse_Warns(string json, string expected) => Assert.That(Parse(json).Warnings.Select(warning => warning.ToString()), Is.EqualTo(new[] { expected }));

    [Test]
    public void Parse_TellsWhatIsWrongWithTheWhole_BesideWhatIsWrongWithASection()
    {
        var error = Assert.Throws<ConfigException>(() => Parse("""
            { "name": "a", "sead": 2,
              "dataset": { "name": "cifar10", "trainExamples": 60000 },
              "model": { "depth": 21 },
              "schedule": { "name": "cosine", "warmupEpochs": 5 }, "training": { "epochs": 2 } }
            """))!;

        Assert.That(error.Errors.Select(item => $"{item.Line} {item.Path}"), Is.EqualTo(new[] { "1 sead", "3 model.depth", "2 dataset.trainExamples", "4 schedule.warmupEpochs" }));
    }
}
