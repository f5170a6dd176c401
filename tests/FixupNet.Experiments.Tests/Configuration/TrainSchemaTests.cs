using System.Text.Json.Nodes;
using FixupNet.Experiments.Configuration;
using FixupNet.Experiments.Configuration.Schema;

namespace FixupNet.Experiments.Tests.Configuration;

internal sealed class TrainSchemaTests
{
    private static JsonObject Schema => TrainDocument.Schema(Some.Registries);

    [Test]
    public void Schema_HasTheKeysOfTheResolvedDocument()
    {
        // A later section stands in the text where it says something, and a task where it is another than that of images.
        var document = JsonNode.Parse(Some.Parse("""{ "name": "a", "regularization": { "labelSmoothing": 0.1 }, "gradientTransforms": [] }""").Json)!.AsObject();

        Assert.That(Schema["properties"]!.AsObject().Select(member => member.Key).Where(key => key != "task"), Is.EqualTo(document.Select(member => member.Key)));
    }

    [Test]
    public void Schema_IsDraft202012AndRequiresOnlyTheName()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Schema["$schema"]!.GetValue<string>(), Is.EqualTo("https://json-schema.org/draft/2020-12/schema"));
            Assert.That(Schema["required"]!.ToJsonString(), Is.EqualTo("""["name"]"""));
        }
    }

    [Test]
    public void Schema_ClosesEveryObject()
    {
        var objects = Descendants(Schema).OfType<JsonObject>().Where(node => node["properties"] is JsonObject && node["type"] is JsonValue).ToList();

        Assert.That(objects, Has.Count.AtLeast(15).And.All.Matches<JsonObject>(node => node["additionalProperties"]?.GetValue<bool>() == false));
    }

    [Test]
    public void Schema_DescribesEveryMember_OfTheTrainDocument()
    {
        var undescribed = new[] { "", "augmentation", "training", "record", "checkpoint", "stop" }
            .Select(section => section.Length == 0 ? Schema : Schema["properties"]![section]!)
            .SelectMany(section => section["properties"]!.AsObject())
            .Where(member => member.Key != "$schema" && member.Value!["description"] is null);

        Assert.That(undescribed, Is.Empty);
    }

    [TestCase("seed", """{"type":"integer","minimum":0,"maximum":9007199254740992,"description":"Seed of every random draw.","default":1}""")]
    [TestCase("stop/maxMinutes",
        """{"type":["number","null"],"exclusiveMinimum":0,"maximum":1000000,"description":"End after this many minutes.","default":null}""")]
    [TestCase("record/layers", """{"enum":["weights","all"],"description":"Parameters whose gradients are recorded.","default":"weights"}""")]
    public void Schema_StatesTypeLimitsDescriptionAndDefault(string path, string expected)
    {
        var node = path.Split('/').Aggregate((JsonNode)Schema, (parent, key) => parent["properties"]![key]!);

        Assert.That(node.ToJsonString(), Is.EqualTo(expected));
    }

    [Test]
    public void Schema_OffersNamedSectionsByName()
    {
        var choices = Schema["properties"]!["schedule"]!["oneOf"]!.AsArray();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(choices[0]!.ToJsonString(), Is.EqualTo(
                """{"type":"object","additionalProperties":false,"properties":{"name":{"const":"constant"}},"description":"The constant."}"""));
            Assert.That(choices[1]!["required"]!.ToJsonString(), Is.EqualTo("""["name","milestonesEpochs"]"""));
            Assert.That(choices[1]!["properties"]!["milestonesEpochs"]!["items"]!.ToJsonString(), Is.EqualTo("""{"type":"number","minimum":0,"maximum":1000000}"""));
        }
    }

    [TestCase("flag", """{"type":"boolean","default":true}""")]
    [TestCase("whole", """{"type":"integer","minimum":-2147483648,"maximum":2147483647,"default":1}""")]
    [TestCase("large", """{"type":"integer","minimum":-9007199254740992,"maximum":9007199254740992,"default":2}""")]
    [TestCase("real", """{"type":"number","default":0.5}""")]
    [TestCase("text", """{"type":"string","maxLength":1000,"pattern":"^[^\\u0000-\\u001f\\u007f-\\u009f]*(?!\\n)$","default":"text"}""")]
    [TestCase("shade", """{"enum":["light","very-dark"],"default":"light"}""")]
    [TestCase("maybeFlag", """{"type":["boolean","null"],"default":true}""")]
    [TestCase("maybeShade", """{"enum":["light","very-dark",null],"default":"very-dark"}""")]
    [TestCase("reals", """{"type":["array","null"],"maxItems":1000,"items":{"type":"number"},"default":null}""")]
    [TestCase("inner", """{"type":"object","additionalProperties":false,"properties":{"count":{"type":"integer","minimum":-2147483648,"maximum":2147483647,"default":3},"note":{"type":["string","null"],"maxLength":1000,"pattern":"^[^\\u0000-\\u001f\\u007f-\\u009f]*(?!\\n)$","default":"none"}}}""")]
    public void Schema_DescribesEveryKindOfValue(string key, string expected)
    {
        var everyKind = Schema["properties"]!["dataset"]!["oneOf"]![1]!;

        Assert.That(everyKind["properties"]![key]!.ToJsonString(), Is.EqualTo(expected));
    }

    [Test]
    public void Schema_ListsTheNumbersAllowed()
    {
        var mlp = Schema["properties"]!["model"]!["oneOf"]![1]!;

        Assert.That(mlp["properties"]!["layers"]!.ToJsonString(), Is.EqualTo("""{"enum":[1,2,3],"default":2}"""));
    }

    // Without a name the default is meant; any other choice must be named.
    [Test]
    public void Schema_RequiresTheName_OfEveryChoiceButTheDefault()
    {
        var choices = Schema["properties"]!["model"]!["oneOf"]!.AsArray();

        Assert.That(choices.Select(choice => choice!["required"]?.ToJsonString()), Is.EqualTo(new[] { null, """["name"]""" }));
    }

    [Test]
    public void Schema_HasATitle() => Assert.That((string?)Schema["title"], Is.EqualTo("FixupNet train document, version 1"));

    private sealed record WithNullList(IReadOnlyList<int> Values = null!);

    private sealed record WithDate(DateTime Date);

    private sealed record WithLength([property: System.ComponentModel.DataAnnotations.StringLength(3)] string Text);

    private sealed record WithRangedText([property: System.ComponentModel.DataAnnotations.Range(1, 2)] string Text);

    private sealed record WithPatternedNumber([property: System.ComponentModel.DataAnnotations.RegularExpression("1")] int Number);

    private sealed record WithAllowedFlag([property: System.ComponentModel.DataAnnotations.AllowedValues(true)] bool Flag);

    private sealed record WithOptionalRecord(InnerOptions? Inner = null);

    private sealed record WithList(List<int> Numbers);

    private sealed record WithInterface(IDisposable Thing);

    private sealed record WithMap(IReadOnlyDictionary<string, int> Numbers);

    private sealed record WithNamelessSection(NamedSection Section);

    private sealed record WithoutProperty
    {
        public WithoutProperty(int lost) => Found = lost;

        public int Found { get; }
    }

    private sealed class WithTwoConstructors
    {
        public WithTwoConstructors()
        {
        }

        public WithTwoConstructors(int number) => Number = number;

        public int Number { get; }
    }

    [TestCase(typeof(WithPatternedNumber), "Number carries RegularExpressionAttribute, which is not checked there")]
    [TestCase(typeof(WithAllowedFlag), "Flag carries AllowedValuesAttribute, which is not checked there")]
    [TestCase(typeof(WithOptionalRecord), "has a type that a configuration cannot hold")]
    [TestCase(typeof(WithList), "must be a record with one public constructor")]
    [TestCase(typeof(WithInterface), "has a type that a configuration cannot hold: System.IDisposable.")]
    [TestCase(typeof(WithMap), "has a type that a configuration cannot hold")]
    [TestCase(typeof(WithNamelessSection), "has a type that a configuration cannot hold: FixupNet.Experiments.Configuration.Schema.NamedSection.")]
    [TestCase(typeof(WithoutProperty), "Parameter lost of FixupNet.Experiments.Tests.Configuration.TrainSchemaTests+WithoutProperty has no property of its name.")]
    [TestCase(typeof(WithTwoConstructors), "must be a record with one public constructor")]
    [TestCase(typeof(WithLength), "Text carries StringLengthAttribute, which is not checked there")]
    [TestCase(typeof(WithRangedText), "Text carries RangeAttribute, which is not checked there")]
    [TestCase(typeof(WithNullList), "has the default null")]
    [TestCase(typeof(WithDate), "has a type that a configuration cannot hold")]
    [TestCase(typeof(string), "must be a record with one public constructor")]
    public void Schema_Throws_WhenAnEntrysOptionsAreUnsupported(Type options, string message)
    {
        var registries = Some.RegistriesOf(options);

        Assert.That(() => TrainDocument.Schema(registries), Throws.ArgumentException.With.Message.Contains(message));
    }

    private static IEnumerable<JsonNode> Descendants(JsonNode? node) => node switch
    {
        JsonObject value => value.SelectMany(member => Descendants(member.Value)).Prepend(value),
        JsonArray array => array.SelectMany(Descendants),
        _ => [],
    };
}
