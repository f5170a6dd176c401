using FixupNet.Experiments.Configuration;
using FixupNet.Experiments.Configuration.Nodes;

namespace FixupNet.Experiments.Tests.Configuration.Nodes;

internal sealed class ConfigExceptionTests
{
    [TestCase("""{ "nam": "a" }""", "a.json:1: nam is not a known key (did you mean \"name\"?).", "a.json:1: name is missing; must be a string.")]
    [TestCase("{ \"name\": \"a\",\n\n \"model\": { \"depth\": 100 } }", "a.json:3: model.depth is 100; must be 6n+2 (nearest: 98, 104).")]
    [TestCase("""{ "name": "A b" }""", "a.json:1: name is \"A b\"; must be 1 to 64 lower-case letters, digits, dots and hyphens, a letter or digit first.")]
    [TestCase(" \n", "a.json:1: the document is empty; must be an object.")]
    [TestCase("""{ "name": "a", "learningRate": 0.1 }""", "a.json:1: learningRate is not a known key (did you mean \"optimizer.learningRate\"?).")]
    [TestCase("{ \"name\": \"a\\n\" }", "a.json:1: name is \"a\\u000a\"; must not contain control characters.")]
    [TestCase("""{ "name": "a", "seed": -1 }""", "a.json:1: seed is -1; must be in [0, 9007199254740992].")]
    [TestCase("""{ "name": "a", "seed": 9007199254740993 }""", "a.json:1: seed is 9007199254740993; must be in [0, 9007199254740992].")]
    [TestCase("""{ "name": "a", "seed": 1.5 }""", "a.json:1: seed is 1.5; must be an integer.")]
    [TestCase("""{ "name": "a", "seed": "1" }""", "a.json:1: seed is \"1\"; must be an integer.")]
    [TestCase("""{ "name": "a", "seed": null }""", "a.json:1: seed is null; must be an integer.")]
    [TestCase("""{ "name": "a", "seed": 1, "Seed": 2 }""", "a.json:1: Seed repeats \"seed\" of a.json:1; letter case does not count.")]
    [TestCase("""{ "name": "a", "Seed": 2 }""", "a.json:1: Seed is not a known key (did you mean \"seed\"?).")]
    [TestCase("""{ "name": "a", "optimizer": { "learningRate": 1e999 } }""", "a.json:1: optimizer.learningRate is 1e999; must be finite.")]
    [TestCase("""{ "name": "a", "optimizer": { "learningRate": "NaN" } }""", "a.json:1: optimizer.learningRate is \"NaN\"; must be a number.")]
    [TestCase("""{ "name": "a", "optimizer": { "momentum": 1 } }""", "a.json:1: optimizer.momentum is 1; must be in [0, 1).")]
    [TestCase("""{ "name": "a", "stop": { "lossAbove": 0 } }""", "a.json:1: stop.lossAbove is 0; must be in (0, 1E+300].")]
    [TestCase("""{ "name": "a", "augmentation": { "crop": 1 } }""", "a.json:1: augmentation.crop is 1; must be true or false.")]
    [TestCase("""{ "name": "a", "augmentation": [] }""", "a.json:1: augmentation is an array of 0; must be an object.")]
    [TestCase("""{ "name": "a", "model": null }""", "a.json:1: model is null; must be an object.")]
    [TestCase("""{ "name": "a", "model": { "name": "resnet" } }""", "a.json:1: model.name is \"resnet\"; must be one of resnet-cifar, mlp.")]
    [TestCase("""{ "name": "a", "model": { "name": "mpl" } }""", "a.json:1: model.name is \"mpl\"; must be one of resnet-cifar, mlp (did you mean \"mlp\"?).")]
    [TestCase("""{ "name": "a", "model": { "name": "resnet-cifer" } }""", "a.json:1: model.name is \"resnet-cifer\"; must be one of resnet-cifar, mlp (did you mean \"resnet-cifar\"?).")]
    [TestCase("""{ "name": "a", "model": { "name": "mlp", "width": 3 } }""", "a.json:1: model.width is not an option of \"mlp\"; its options are layers.")]
    [TestCase("""{ "name": "a", "model": { "name": "mlp", "layers": 4 } }""", "a.json:1: model.layers is 4; must be one of 1, 2, 3.")]
    [TestCase("""{ "name": "a", "schedule": { "factor": 3 } }""", "a.json:1: schedule.factor is not an option of \"constant\"; it has none.")]
    [TestCase("""{ "name": "a", "model": { "variant": "Fixup" } }""", "a.json:1: model.variant is \"Fixup\"; must be one of fixup, batchnorm, plain (did you mean \"fixup\"?).")]
    [TestCase("""{ "name": "a", "initialization": { "name": "hee" } }""", "a.json:1: initialization.name is \"hee\"; must be one of fixup, he (did you mean \"he\"?).")]
    [TestCase("""{ "name": "a", "training": { "precision": "float16" } }""", "a.json:1: training.precision is \"float16\"; must be one of float32, float64, bfloat16 (did you mean \"bfloat16\"?).")]
    [TestCase("""{ "name": "a", "training": { "precision": 1 } }""", "a.json:1: training.precision is 1; must be one of float32, float64, bfloat16.")]
    [TestCase("""{ "name": "a", "training": { "batchSize": 8, "microBatchSize": 9 } }""", "a.json:1: training.microBatchSize is 9; must be at most batchSize, which is 8.")]
    [TestCase("""{ "name": "a", "schedule": { "name": "steps" } }""", "a.json:1: schedule.milestonesEpochs is missing; must be an array.")]
    [TestCase("""{ "name": "a", "schedule": { "name": "steps", "milestonesEpochs": [1, -2, null] } }""",
        "a.json:1: schedule.milestonesEpochs[1] is -2; must be in [0, 1000000].", "a.json:1: schedule.milestonesEpochs[2] is null; must be a number.")]
    [TestCase("""{ "$schema": "schemas/train.v9.json", "name": "a" }""", "a.json:1: $schema is \"schemas/train.v9.json\"; this program reads train.v1.json here.")]
    [TestCase("""{ "$schema": "sweep.v1.json", "name": "a" }""", "a.json:1: $schema is \"sweep.v1.json\"; this program reads train.v1.json here.")]
    [TestCase("""{ "$schema": "Train.V9.json", "name": "a" }""", "a.json:1: $schema is \"Train.V9.json\"; this program reads train.v1.json here.")]
    [TestCase("""{ "$schema": 1, "name": "a" }""", "a.json:1: $schema is 1; must be a string.")]
    [TestCase("""{ "name": "a", "dataset": { "name": "every-kind", "whole": 2147483648 } }""", "a.json:1: dataset.whole is 2147483648; must be in [-2147483648, 2147483647].")]
    [TestCase("""{ "name": "a", "dataset": { "name": "every-kind", "large": -9007199254740993 } }""",
        "a.json:1: dataset.large is -9007199254740993; must be in [-9007199254740992, 9007199254740992].")]
    [TestCase("""{ "name": "a", "dataset": { "name": "every-kind", "shades": ["light", "dark"] } }""",
        "a.json:1: dataset.shades[1] is \"dark\"; must be one of light, very-dark.")]
    [TestCase("""{ "name": "a", "dataset": { "name": "every-kind", "wholes": 3 } }""", "a.json:1: dataset.wholes is 3; must be an array.")]
    [TestCase("""{ "name": "a", "dataset": { "name": "every-kind", "inner": { "cuont": 3 } } }""", "a.json:1: dataset.inner.cuont is not a known key (did you mean \"count\"?).")]
    [TestCase("""{ "name": "a", "dataset": { "name": "every-kind", "inner": { "zebra": 3 } } }""", "a.json:1: dataset.inner.zebra is not a known key; known are count, note.")]
    [TestCase("""{ "name": "a", "dataset": { "name": 3 } }""", "a.json:1: dataset.name is 3; must be a string.")]
    [TestCase("""{ "name": "a", "schedule": { "name": "steps", "milestonesEpoch": [] } }""",
        "a.json:1: schedule.milestonesEpoch is not an option of \"steps\" (did you mean \"milestonesEpochs\"?).", "a.json:1: schedule.milestonesEpochs is missing; must be an array.")]
    [TestCase("""{ "name": "a", "about": "\ud800" }""", "a.json:1: about holds text that is not valid Unicode.")]
    [TestCase("""{ "name": "a", "augmentation": { "\udc00": 1 } }""",
        "a.json:1: augmentation holds text that is not valid Unicode.", "a.json:1: augmentation. is not a known key; known are crop, flip, mixupAlpha, cutout, randomErasing.")]
    [TestCase("""{ "name": "a", "schedule": { "name": "stepss", "milestoneEpochs": [1] } }""",
        "a.json:1: schedule.name is \"stepss\"; must be one of constant, steps (did you mean \"steps\"?).",
        "a.json:1: schedule.milestoneEpochs is not an option of \"steps\" (did you mean \"milestonesEpochs\"?).", "a.json:1: schedule.milestonesEpochs is missing; must be an array.")]
    [TestCase("""{ "name": "a", "model": { "name": "transformer", "deph": 20, "depth": 20 } }""",
        "a.json:1: model.name is \"transformer\"; must be one of resnet-cifar, mlp.", "a.json:1: model.deph is not an option of any of them (did you mean \"depth\"?).")]
    [TestCase("""{ "name": "a", "modl": { "depth": 21, "widht": 3 } }""",
        "a.json:1: modl is not a known key (did you mean \"model\"?).", "a.json:1: modl.widht is not an option of \"resnet-cifar\" (did you mean \"width\"?).",
        "a.json:1: modl.depth is 21; must be 6n+2 (nearest: 20, 26).")]
    [TestCase("""{ "name": "a", "model": { "depth": 21, "widht": 3 } }""",
        "a.json:1: model.widht is not an option of \"resnet-cifar\" (did you mean \"width\"?).", "a.json:1: model.depth is 21; must be 6n+2 (nearest: 20, 26).")]
    [TestCase("[]", "a.json:1: the document is an array of 0; must be an object.")]
    [TestCase("{\n \"name\": \"a\",\n \"seed\": tru }", "a.json:3: the document is not valid JSON: 'tru }' is an invalid JSON literal. Expected the literal 'true'.")]
    [TestCase("{\n \"name\": \"a\" \"seed\": 1 }", "a.json:2: the document is not valid JSON: '\"' is invalid after a value. Expected either ',', '}', or ']'.")]
    public void Message_SaysWhereAndWhatIsAllowed(string json, params string[] expected) => Assert.That(Some.ErrorsOf(json), Is.EqualTo(expected));

    [Test]
    public void Message_TellsAllErrorsAtOnce()
    {
        var errors = Some.ErrorsOf("""
            { "name": "a",
              "sead": 1,
              "model": { "depth": 21 },
              "training": { "epochs": -1, "batchSize": true } }
            """, "optimizer.momentum=2");

        Assert.That(errors, Is.EqualTo(new[]
        {
            "a.json:2: sead is not a known key (did you mean \"seed\"?).",
            "a.json:3: model.depth is 21; must be 6n+2 (nearest: 20, 26).",
            "command line: optimizer.momentum is 2; must be in [0, 1).",
            "a.json:4: training.epochs is -1; must be in [0, 1000000].",
            "a.json:4: training.batchSize is true; must be an integer.",
        }));
    }

    // What a file holds is shown as far as it helps; a suggestion for pages of text would be none.
    [TestCase(60, "")]
    [TestCase(61, "...")]
    public void Message_ShowsTheBeginningOfALongText(int length, string end)
    {
        var text = new string('m', length);

        Assert.That(Some.ErrorsOf($$"""{ "name": "a", "model": { "name": "{{text}}" } }"""),
            Is.EqualTo(new[] { $"a.json:1: model.name is \"{text[..60]}{end}\"; must be one of resnet-cifar, mlp." }));
    }

    private sealed record NeedyOptions(NeedyInner Inner);

    private sealed record NeedyInner(int Needed, int Optional = 1);

    // What a section needs must be asked for by its own name, not by that of a member of something that was not given.
    [Test]
    public void Message_NamesTheObjectThatIsMissing_WhenItHasNoDefault()
    {
        var registries = Some.RegistriesOf(typeof(NeedyOptions));

        var exception = Assert.Throws<ConfigException>(() => TrainDocument.Parse("""{ "name": "a" }"""u8, "a.json", [], registries))!;

        Assert.That(exception.Message, Is.EqualTo("a.json:1: model.inner is missing; must be an object."));
    }

    [Test]
    public void Message_SaysThatThereIsNoChoice_WhenARegistryIsEmpty()
    {
        var exception = Assert.Throws<ConfigException>(() => TrainDocument.Parse(
            """{ "name": "a", "initialization": { "name": "he" } }"""u8, "a.json", [], Some.Registries with { Initializations = new("initialization") }))!;

        Assert.That(exception.Message, Is.EqualTo("a.json:1: initialization.name is \"he\"; there are none to choose from."));
    }

    [Test]
    public void Message_RefusesTextsThatAreTooLong() =>
        Assert.That(Some.ErrorsOf($$"""{ "name": "a", "about": "{{new string('m', 1001)}}" }"""),
            Is.EqualTo(new[] { $"a.json:1: about is \"{new string('m', 60)}...\"; must not be longer than 1000 characters." }));

    [Test]
    public void Message_RefusesArraysThatAreTooLong() =>
        Assert.That(Some.ErrorsOf($$"""{ "name": "a", "schedule": { "name": "steps", "milestonesEpochs": [{{string.Join(',', new int[1001])}}] } }"""),
            Is.EqualTo(new[] { "a.json:1: schedule.milestonesEpochs is an array of 1001; must hold at most 1000 values." }));

    [Test]
    public void Message_CountsTheValuesOfAFile()
    {
        var json = $"[\n{string.Join(",\n", Enumerable.Repeat("0", 100_001))}]";

        Assert.That(Some.ErrorsOf(json), Is.EqualTo(new[] { "a.json:100001: the document is not valid JSON: it holds more than 100000 values." }));
    }

    [TestCase(100, 100, "a.json:99: name is wrong.")]
    [TestCase(102, 101, "... and 2 more errors.")]
    public void Message_HasALineForEachOfAHundredErrors(int errorCount, int lineCount, string lastLine)
    {
        var exception = new ConfigException([.. Enumerable.Range(0, errorCount).Select(line => new ConfigError("a.json", line, "name", "is wrong."))]);

        Assert.That(exception.Message.Split('\n'), Has.Length.EqualTo(lineCount).And.ItemAt(lineCount - 1).EqualTo(lastLine));
    }

    [Test]
    public void Message_IsShort_WhenThousandsOfKeysAreUnknown()
    {
        var json = $"{{ \"name\": \"a\", {string.Join(',', Enumerable.Range(0, 5000).Select(i => $"\"k{i}\": 0"))} }}";

        var exception = Assert.Throws<ConfigException>(() => Some.Parse(json))!;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(exception.Errors, Has.Count.EqualTo(5000));
            Assert.That(exception.Message.Split('\n'), Has.Length.EqualTo(101).And.Some.EqualTo("... and 4900 more errors."));
        }
    }

    [Test]
    public void Errors_HoldFileLineAndPath()
    {
        var exception = Assert.Throws<ConfigException>(() => Some.Parse("{ \"name\": \"a\",\r\n \"model\": {\r\n \"depth\": true } }"))!;

        Assert.That(exception.Errors, Is.EqualTo(new[] { new ConfigError("a.json", 3, "model.depth", "is true; must be an integer.") }));
    }
}
