using System.Text;
using System.Text.Json.Nodes;
using FixupNet.Experiments.Configuration;
using FixupNet.Experiments.Configuration.Nodes;
using FixupNet.Experiments.Configuration.Schema;
using FixupNet.Initialization.Schemes;
using FixupNet.Optimization;
using FixupNet.Registries;

namespace FixupNet.Experiments.Tests.Configuration;

internal sealed class TrainDocumentTests
{
    [Test]
    public void Parse_TakesEveryDefault_WhenOnlyTheNameIsGiven()
    {
        var config = Some.Parse("""{ "name": "a" }""").Config;

        Assert.That(config, Is.EqualTo(new TrainConfig(
            "a", "", 1, new NamedSection("image-classification", new Registries.NoOptions()), new NamedSection("synthetic-shapes", new NoOptions()), new AugmentationConfig(), new NamedSection("resnet-cifar", new ResNetOptions()),
            new InitializationConfig(), new NamedSection("sgd", new SgdOptions()), new NamedSection("constant", new NoOptions()),
            new TrainingConfig(), new RecordConfig(), new CheckpointConfig(), new StopConfig(), new RegularizationConfig()) { Registries = Some.Registries }));
    }

    [Test]
    public void Parse_BindsEverySection()
    {
        var config = Some.Parse("""
            { "$schema": "schemas/train.v1.json", "name": "a.b-1", "about": "x", "seed": 9007199254740992,
              "dataset": { "name": "synthetic-shapes" }, "augmentation": { "crop": false, "flip": false, "mixupAlpha": 0.7 },
              "model": { "name": "mlp", "layers": 3 }, "initialization": { "name": "he", "weights": "w.safetensors" },
              "optimizer": { "name": "sgd", "learningRate": 5e-4, "momentum": 0 },
              "schedule": { "name": "steps", "milestonesEpochs": [100, 150.5], "factor": 0.2 },
              "training": { "epochs": 0, "batchSize": 64, "precision": "float64", "engine": "eager", "microBatchSize": 32, "evaluateEveryEpochs": 2 },
              "record": { "gradientNormsEverySteps": 0, "activationsEverySteps": 5, "layers": "all", "metricsEverySteps": 1 },
              "checkpoint": { "everySteps": 500, "everyMinutes": null, "keep": 3, "finalWeights": false },
              "stop": { "nonFinite": false, "lossAbove": 50, "maxMinutes": 1.5 } }
            """).Config;

        using (Assert.EnterMultipleScope())
        {
            Assert.That((config.Name, config.About, config.Seed), Is.EqualTo(("a.b-1", "x", 9007199254740992)));
            Assert.That(config.Augmentation, Is.EqualTo(new AugmentationConfig(false, false, 0.7)));
            Assert.That(config.Model, Is.EqualTo(new NamedSection("mlp", new MlpOptions(3))));
            Assert.That(config.Initialization, Is.EqualTo(new InitializationConfig(new NamedSection("he", new HeFanOutScheme()), Path.GetFullPath("w.safetensors"))));
            Assert.That(config.Optimizer, Is.EqualTo(new NamedSection("sgd", new SgdOptions(0.0005, 0))));
            Assert.That(((StepsOptions)config.Schedule.Options).MilestonesEpochs, Is.EqualTo(new[] { 100, 150.5 }));
            Assert.That(config.Training, Is.EqualTo(new TrainingConfig(0, 64, Precision.Float64, TrainingEngine.Eager, 32, 2)));
            Assert.That(config.Record, Is.EqualTo(new RecordConfig(0, 5, LayerSelection.All, 1)));
            Assert.That(config.Checkpoint, Is.EqualTo(new CheckpointConfig(500, null, 3, false)));
            Assert.That(config.Stop, Is.EqualTo(new StopConfig(false, 50, 1.5)));
        }
    }

    // Documents recorded before an option was added keep their text and hash, and so do those that spell out its default.
    [Test]
    public void Json_LeavesOutLaterOptionsAtTheirDefaults()
    {
        TrainDocument Product(string json) => TrainDocument.Parse(Encoding.UTF8.GetBytes(json), "a.json", [], ProductRegistries.All);
        var without = Product("""{ "name": "a" }""");
        var spelled = Product("""{ "name": "a", "optimizer": { "scalarDepthExponent": 1.0, "scalarBiasLearningRateFactor": null } }""");
        var changed = Product("""{ "name": "a", "optimizer": { "scalarDepthExponent": 0.5 } }""");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(without.Json, Does.Not.Contain("scalarDepth").And.Not.Contain("scalarBias"));
            Assert.That(spelled.Hash, Is.EqualTo(without.Hash));
            Assert.That(changed.Json, Does.Contain("\"scalarDepthExponent\": 0.5").And.Not.Contain("scalarBias"));
            Assert.That(Product(changed.Json).Config.Optimizer, Is.EqualTo(new NamedSection("sgd", new FixupNet.Optimization.SgdOptions(ScalarDepthExponent: 0.5))));
        }
    }

    // A null must not fall back to the default, and [] must not become null: the library's own record binding does both or throws.
    [TestCase("flag", "false", false)]
    [TestCase("whole", "-3", -3)]
    [TestCase("whole", "1e3", 1000)]
    [TestCase("whole", "2.0", 2)]
    [TestCase("large", "-9007199254740992", -9007199254740992)]
    [TestCase("real", "1E20", 1e20)]
    [TestCase("real", "-0.0", 0.0)]
    [TestCase("text", "\"\"", "")]
    [TestCase("text", "\"null\"", "null")]
    [TestCase("text", "\"é ☃ <&>\"", "é ☃ <&>")]
    [TestCase("shade", "\"very-dark\"", Shade.VeryDark)]
    [TestCase("maybeFlag", "null", null)]
    [TestCase("maybeFlag", "false", false)]
    [TestCase("maybeWhole", "null", null)]
    [TestCase("maybeLarge", "null", null)]
    [TestCase("maybeReal", "null", null)]
    [TestCase("maybeText", "null", null)]
    [TestCase("maybeShade", "null", null)]
    [TestCase("wholes", "null", null)]
    [TestCase("wholes", "[]", new int[0])]
    [TestCase("wholes", "[10,9,8,7,6,5,4,3,2,1,0]", new[] { 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0 })]
    [TestCase("reals", "[]", new double[0])]
    [TestCase("reals", "[1, 2.5]", new[] { 1, 2.5 })]
    [TestCase("texts", "[\"\", \"b\"]", new[] { "", "b" })]
    [TestCase("shades", "[\"light\", \"very-dark\"]", new[] { Shade.Light, Shade.VeryDark })]
    public void Parse_RoundTripsEveryKindOfValue(string key, string value, object? expected)
    {
        var first = Some.Parse($$"""{ "name": "a", "dataset": { "name": "every-kind", "{{key}}": {{value}} } }""");

        var second = Some.Parse(first.Json);

        var property = typeof(EveryKindOptions).GetProperty(char.ToUpperInvariant(key[0]) + key[1..])!;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(property.GetValue(first.Config.Dataset.Options), Is.EqualTo(expected));
            Assert.That(property.GetValue(second.Config.Dataset.Options), Is.EqualTo(expected));
            Assert.That(second.Json, Is.EqualTo(first.Json));
        }
    }

    [TestCase("{}", 3, "none")]
    [TestCase("""{ "count": 4, "note": null }""", 4, null)]
    public void Parse_BindsNestedRecords(string inner, int count, string? note)
    {
        var options = (EveryKindOptions)Some.Parse($$"""{ "name": "a", "dataset": { "name": "every-kind", "inner": {{inner}} } }""").Config.Dataset.Options;

        Assert.That(options.Inner, Is.EqualTo(new InnerOptions(count, note)));
    }

    [Test]
    public void Parse_AllowsCommentsTrailingCommasAndByteOrderMark()
    {
        var document = Some.Parse("\uFEFF// why\n{ /* a */ \"name\": \"a\", }");

        Assert.That(document.Config.Name, Is.EqualTo("a"));
    }

    [Test]
    public void Json_IsOneText_HoweverTheDocumentIsWritten()
    {
        var one = Some.Parse("""{ "name": "a", "optimizer": { "learningRate": 5e-4, "momentum": 0 } }""");

        var other = Some.Parse("""{ "$schema": "x", "optimizer": { "momentum": -0.0, "name": "sgd", "learningRate": 0.0005 }, "name": "a", "seed": 1.0, "stop": {} }""");

        Assert.That((other.Json, other.Hash), Is.EqualTo((one.Json, one.Hash)));
    }

    [Test]
    public void Json_HasEveryKeyInOrder()
    {
        var json = JsonNode.Parse(Some.Parse("""{ "name": "a" }""").Json)!.AsObject();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(string.Join(' ', json.Select(member => member.Key)), Is.EqualTo(
                "$schema name about seed dataset augmentation model initialization optimizer schedule training record checkpoint stop"));
            Assert.That(json["model"]!.ToJsonString(), Is.EqualTo("""{"name":"resnet-cifar","depth":20,"variant":"fixup","width":16}"""));
            Assert.That(json["checkpoint"]!.ToJsonString(), Is.EqualTo("""{"everySteps":null,"everyMinutes":10,"keep":2,"finalWeights":true}"""));
            Assert.That(json["training"]!["precision"]!.GetValue<string>(), Is.EqualTo("float32"));
        }
    }

    [Test]
    public void Json_HasAStableHash()
    {
        var document = Some.Parse("""{ "name": "a" }""");

        Assert.That(document.Hash, Is.EqualTo(ConfigJson.Hash(document.Json)).And.Match("^[0-9a-f]{64}$"));
        Assert.That(document.Json, Does.StartWith("{\n  \"$schema\": \"schemas/train.v1.json\",\n  \"name\": \"a\",\n").And.EndsWith("}\n"));
    }

    [Test]
    public void Load_ReadsAFile()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("a.json", """{ "name": "from-file" }""");

        var document = TrainDocument.Load(file, ["seed=7"], Some.Registries);

        Assert.That((document.Config.Name, document.Config.Seed), Is.EqualTo(("from-file", 7L)));
    }

    [Test]
    public void Load_Throws_WhenTheFileIsMissing()
    {
        using var folder = new TemporaryFolder();

        Assert.That(() => TrainDocument.Load(Path.Combine(folder.Path, "no.json"), [], Some.Registries), Throws.TypeOf<FileNotFoundException>());
    }

    [TestCase("schemas/train.v1.json")]
    [TestCase("../else/train.v1.json")]
    [TestCase("https://example.org/mine.json")]
    public void Json_NamesItsOwnSchema_WhateverTheEditorsHintWas(string hint) =>
        Assert.That(Some.Parse($$"""{ "$schema": "{{hint}}", "name": "a" }""").Json, Does.Contain("\"$schema\": \"schemas/train.v1.json\""));

    [Test]
    public void Parse_TakesAMicroBatchOfTheWholeBatch() =>
        Assert.That(Some.Parse("""{ "name": "a", "training": { "batchSize": 8, "microBatchSize": 8 } }""").Config.Training.MicroBatchSize, Is.EqualTo(8));

    [Test]
    public void Parse_TakesTextsAndArraysOfTheLargestSize()
    {
        var config = Some.Parse($$"""
            { "name": "a", "about": "{{new string('m', 1000)}}", "schedule": { "name": "steps", "milestonesEpochs": [{{string.Join(',', new int[1000])}}] } }
            """).Config;

        Assert.That((config.About.Length, ((StepsOptions)config.Schedule.Options).MilestonesEpochs.Count), Is.EqualTo((1000, 1000)));
    }

    [Test]
    public void Parse_TakesAFileOfTheLargestSize()
    {
        var utf8 = new byte[10 * 1024 * 1024];
        utf8.AsSpan().Fill((byte)' ');
        """{ "name": "a" }"""u8.CopyTo(utf8);

        Assert.That(TrainDocument.Parse(utf8, "a.json", [], Some.Registries).Config.Name, Is.EqualTo("a"));
    }

    [Test]
    public void Load_Refuses_WhenTheFileIsTooLarge()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("a.json", new string(' ', 10 * 1024 * 1024) + "{}");

        Assert.That(() => TrainDocument.Load(file, [], Some.Registries), Throws.TypeOf<ConfigException>().With.Message.EndsWith("the document is larger than 10 MB."));
    }
}
