namespace FixupNet.Experiments.Tests.Configuration.Nodes;

internal sealed class ConfigOverrideTests
{
    private const string Document = """{ "name": "a", "model": { "name": "resnet-cifar", "depth": 20 }, "schedule": { "name": "steps", "milestonesEpochs": [1, 2, 3] } }""";

    [TestCase("model.depth=110", "model", """{"name":"resnet-cifar","depth":110,"variant":"fixup","width":16}""")]
    [TestCase("model.variant=plain", "model", """{"name":"resnet-cifar","depth":20,"variant":"plain","width":16}""")]
    [TestCase("model.variant=\"plain\"", "model", """{"name":"resnet-cifar","depth":20,"variant":"plain","width":16}""")]
    [TestCase("model={\"name\":\"mlp\"}", "model", """{"name":"mlp","layers":2}""")]
    [TestCase("schedule.milestonesEpochs=[9]", "schedule", """{"name":"steps","milestonesEpochs":[9],"factor":0.1}""")]
    [TestCase("stop.maxMinutes=null", "stop", """{"nonFinite":true,"lossAbove":10000,"maxMinutes":null}""")]
    [TestCase("about=a=b, c", "about", "\"a=b, c\"")]
    [TestCase("about=", "about", "\"\"")]
    [TestCase("about=\"a\",\"b\"", "about", "\"\\u0022a\\u0022,\\u0022b\\u0022\"")]
    [TestCase("about=[1", "about", "\"[1\"")]
    [TestCase("initialization.weights=/x//y.safetensors", "initialization", """{"name":null,"weights":"/x//y.safetensors"}""")]
    public void Parse_AppliesOverrides(string argument, string section, string expected)
    {
        var json = System.Text.Json.Nodes.JsonNode.Parse(Some.Parse(Document, argument).Json)!;

        Assert.That(json[section]!.ToJsonString(), Is.EqualTo(expected));
    }

    [TestCase("model.deph=110", "command line: model.deph is not an option of \"resnet-cifar\" (did you mean \"depth\"?).")]
    [TestCase("modl.depth=110", "command line: modl is not a known key (did you mean \"model\"?).")]
    [TestCase("model.depth=20,56", "command line: model.depth is \"20,56\"; must be an integer.")]
    [TestCase("model.depth.x=1", "command line: model.depth is an object; must be an integer.")]
    [TestCase("model.depth=100", "command line: model.depth is 100; must be 6n+2 (nearest: 98, 104).")]
    [TestCase("seed=1e999", "command line: seed is 1e999; must be finite.")]
    [TestCase("model={\"depth\":20,\"Depth\":26}", "command line: model.Depth repeats \"depth\" of command line; letter case does not count.")]
    [TestCase("seed", "command line: seed is not an override; write key=value.")]
    [TestCase("=1", "command line: =1 is not a key; write keys joined by dots: model.depth=110.")]
    [TestCase("model..depth=1", "command line: model..depth is not a key; write keys joined by dots: model.depth=110.")]
    [TestCase("model={\"depth\":20,\"stem\":{\"a\":1,\"A\":2}}", "command line: model.stem.A repeats \"a\" of command line; letter case does not count.",
        "command line: model.stem is not an option of \"resnet-cifar\"; its options are depth, variant, width.")]
    [TestCase("about=\"\\ud800\"", "command line: about holds text that is not valid Unicode.")]
    [TestCase("model:depth=1", "command line: model:depth is not a key; write keys joined by dots: model.depth=110.")]
    [TestCase("model.name=mlp",
        "a.json:1: model.depth is not an option of \"mlp\"; its options are layers. That name was set by command line: replace the whole section to change it.")]
    public void Parse_Refuses(string argument, params string[] expected) => Assert.That(Some.ErrorsOf(Document, argument), Is.EqualTo(expected));

    [Test]
    public void Parse_Refuses_WhenAKeyIsGivenTwice() =>
        Assert.That(Some.ErrorsOf(Document, "seed=1", "seed=2"), Is.EqualTo(new[] { "command line: seed is given twice." }));
}
