using System.Text;
using System.Text.Json.Nodes;
using FixupNet.Architectures;
using FixupNet.Experiments.Configuration;
using FixupNet.Experiments.Configuration.Nodes;
using FixupNet.Methods;

namespace FixupNet.Experiments.Tests.Configuration;

internal sealed class MethodSchemaTests
{
    // The first three are documents of before methods had options: as they were resolved then, a run of theirs is found and continued.
    [TestCase("\"fixup\"", "\"fixup\"")]
    [TestCase("\"batchnorm\"", "\"batchnorm\"")]
    [TestCase("\"plain\"", "\"plain\"")]
    [TestCase("{ \"name\": \"rezero\" }", "\"rezero\"")]
    [TestCase("{ \"biases\": true }", "\"fixup\"")]
    [TestCase("{ \"name\": \"fixup\", \"biases\": false }", "{\"name\":\"fixup\",\"biases\":false,\"multipliers\":true,\"branchScale\":true}")]
    public void Variant_IsANameOrAnObject(string given, string resolved)
    {
        var model = JsonNode.Parse(Parse(given).Json)!["model"]!;

        Assert.That(model.ToJsonString(), Is.EqualTo($"{{\"name\":\"resnet-cifar\",\"variant\":{resolved},\"depth\":20,\"width\":16}}"));
    }

    [Test]
    public void AnOptionOnTheCommandLine_LeavesTheNameAlone()
    {
        var variant = JsonNode.Parse(Parse("\"stable\"", "model.variant.scaling=decreasing").Json)!["model"]!["variant"]!;

        Assert.That(variant.ToJsonString(), Is.EqualTo("{\"name\":\"stable\",\"scaling\":\"decreasing\"}"));
    }

    [Test]
    public void Variant_ChoosesTheMethodWithItsOptions()
    {
        var model = Parse("{ \"name\": \"stable\", \"scaling\": \"decreasing\" }").Config.Model;

        Assert.That(ModelZoo.All[model.Name].MethodOf(model.Options), Is.EqualTo(new StableMethod(StableScaling.Decreasing)));
    }

    [TestCase("\"Fixup\"", "model.variant is \"Fixup\"; must be one of fixup")]
    [TestCase("{ \"name\": \"fixup\", \"bias\": false }", "model.variant.bias is not an option of \"fixup\" (did you mean \"biases\"?).")]
    [TestCase("{ \"name\": \"normfree\", \"alpha\": 0 }", "model.variant.alpha is 0; must be in")]
    [TestCase("3", "model.variant is 3; must be a method's name, or an object with it.")]
    public void Variant_IsRefused_WithItsPlace(string given, string expected)
    {
        var exception = Assert.Throws<ConfigException>(() => Parse(given))!;

        Assert.That(exception.Errors.Single().ToString(), Does.Contain(expected));
    }

    private static TrainDocument Parse(string variant, params string[] overrides) =>
        TrainDocument.Parse(Encoding.UTF8.GetBytes($"{{ \"name\": \"a\", \"model\": {{ \"name\": \"resnet-cifar\", \"variant\": {variant} }} }}"), "a.json", overrides, ProductRegistries.All);
}
