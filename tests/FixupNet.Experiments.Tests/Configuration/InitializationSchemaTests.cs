using System.Text;
using System.Text.Json.Nodes;
using FixupNet.Experiments.Configuration;
using FixupNet.Experiments.Configuration.Nodes;
using FixupNet.Experiments.Configuration.Schema;
using FixupNet.Initialization.Schemes;

namespace FixupNet.Experiments.Tests.Configuration;

internal sealed class InitializationSchemaTests
{
    // The first five are documents of before schemes had options: as they were resolved then, a run of theirs is found and continued.
    [TestCase("{ }", """{"name":null,"weights":null}""")]
    [TestCase("""{ "name": null, "weights": "/w" }""", """{"name":null,"weights":"/w"}""")]
    [TestCase("""{ "name": "fixup" }""", """{"name":"fixup","weights":null}""")]
    [TestCase("""{ "weights": "/w", "name": "he-fan-out" }""", """{"name":"he-fan-out","weights":"/w"}""")]
    [TestCase("""{ "name": "batchnorm", "weights": null }""", """{"name":"batchnorm","weights":null}""")]
    [TestCase("""{ "name": "lsuv", "tries": 3 }""", """{"name":"lsuv","tolerance":0.1,"tries":3,"images":128,"weights":null}""")]
    public void Initialization_IsANameWithOptions(string given, string resolved)
    {
        var json = Parse(given).Json;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(JsonNode.Parse(json)!["initialization"]!.ToJsonString(), Is.EqualTo(resolved));
            Assert.That(TrainDocument.Parse(Encoding.UTF8.GetBytes(json), "again", [], ProductRegistries.All).Json, Is.EqualTo(json));
        }
    }

    [Test]
    public void Initialization_ChoosesTheSchemeWithItsOptions() => Assert.That(
        Parse("""{ "name": "gradinit", "step": "adam", "weights": "/w" }""").Config.Initialization,
        Is.EqualTo(new InitializationConfig(new NamedSection("gradinit", new GradInitScheme(GradInitStep.Adam)), "/w")));

    [TestCase("""{ "name": "Fixup" }""", "initialization.name is \"Fixup\"; must be one of fixup")]
    [TestCase("""{ "name": "lsuv", "tolerence": 0.2 }""", "initialization.tolerence is not an option of \"lsuv\" (did you mean \"tolerance\"?).")]
    [TestCase("""{ "name": "lsuv", "tolerance": 2 }""", "initialization.tolerance is 2; must be in [0, 0.999].")]
    [TestCase("""{ "name": "lsuv", "weigths": "/w" }""", "initialization.weigths is not an option of \"lsuv\" (did you mean \"weights\"?).")]
    [TestCase("""{ "tolerance": 0.2 }""", "initialization.tolerance is an option of a scheme; name the scheme in initialization.name.")]
    [TestCase("""{ "weigths": "/w" }""", "initialization.weigths is not a known key (did you mean \"weights\"?).")]
    [TestCase("3", "initialization is 3; must be an object.")]
    public void Initialization_IsRefused_WithItsPlace(string given, string expected) =>
        Assert.That(Assert.Throws<ConfigException>(() => Parse(given))!.Errors.Single().ToString(), Does.Contain(expected));

    private static TrainDocument Parse(string initialization) =>
        TrainDocument.Parse(Encoding.UTF8.GetBytes($"{{ \"name\": \"a\", \"initialization\": {initialization} }}"), "a.json", [], ProductRegistries.All);
}
