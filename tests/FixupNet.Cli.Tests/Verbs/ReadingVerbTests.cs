using System.Text.Json.Nodes;

namespace FixupNet.Cli.Tests.Verbs;

internal sealed class ReadingVerbTests : CliTests
{
    [TestCase("models", "resnet-cifar")]
    [TestCase("methods", "skipinit")]
    [TestCase("initializers", "fixup")]
    [TestCase("schemes", "lsuv")]
    [TestCase("datasets", "cifar10")]
    [TestCase("optimizers", "sgd")]
    [TestCase("schedules", "steps")]
    [TestCase("transforms", "agc")]
    public void List_ShowsEveryEntry(string verb, string name)
    {
        var text = Run(verb);
        var json = Run(verb, "--json");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(text.Output, Does.Match($"(?m)^{name} "));
            Assert.That(JsonNode.Parse(json.Output)!.AsArray().Select(entry => (string?)entry!["name"]), Has.Member(name));
        }
    }

    [Test]
    public void List_ShowsOptionsWithDefaults() => Assert.That(Run("models").Output, Does.Contain("depth=20"));

    [Test]
    public void List_ShowsOptionsOfMethods() => Assert.That(Run("methods").Output, Does.Contain("biases=true").And.Contain("scaling=uniform"));

    [Test]
    public void List_ShowsOptionsOfSchemes() => Assert.That(Run("schemes").Output, Does.Contain("tolerance=0.1 tries=10").And.Not.Contain("weights="));

    [Test]
    public void Validate_TellsEveryDocument()
    {
        var bad = Write("bad.json", """{ "name": "bad", "seed": "x" }""");

        var result = Run("config", "validate", At("train.json"), bad, At("sweep.json"));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.ExitCode, Is.EqualTo(78));
            Assert.That(result.Output, Does.Contain("train.json: valid train document").And.Contain("sweep.json: valid sweep document of 4 trials"));
            Assert.That(result.Error, Does.Contain("bad.json:1: seed"));
        }
    }

    [Test]
    public void Show_FillsInDefaultsAndChanges()
    {
        var result = Run("config", "show", At("train.json"), "model.depth=14");

        Assert.That((int)JsonNode.Parse(result.Output)!["model"]!["depth"]!, Is.EqualTo(14));
    }

    [TestCase("train")]
    [TestCase("sweep")]
    public void Schema_IsJsonSchema(string kind) =>
        Assert.That((string?)JsonNode.Parse(Run("config", "schema", kind).Output)!["$schema"], Does.Contain("json-schema.org"));

    // Editors find them by "$schema": "schemas/train.v1.json" in configs/.
    [TestCase("train")]
    [TestCase("sweep")]
    public void Schema_IsTheOneInTheRepository(string kind)
    {
        var file = Path.Combine(RepositoryRoot(), "configs", "schemas", $"{kind}.v1.json");

        Assert.That(Run("config", "schema", kind).Output.ReplaceLineEndings("\n"), Is.EqualTo(File.ReadAllText(file).ReplaceLineEndings("\n")),
            $"the options have changed; write it anew: ./fixupnet config schema {kind} > configs/schemas/{kind}.v1.json");
    }

    [Test]
    public void Schema_Gives64AndASuggestion_WhenTheKindIsMistyped()
    {
        var result = Run("config", "schema", "swepe");

        Assert.That((result.ExitCode, result.Error.Contains("did you mean \"sweep\"?")), Is.EqualTo((64, true)), result.Error);
    }

    [Test]
    public void DataList_TellsWhatIsMissing()
    {
        var result = Run("data", "list", "--root", Folder);

        Assert.That(result.Output, Does.Match(@"(?m)^cifar10 .*6 files missing").And.Match(@"(?m)^synthetic-shapes .*needs no files"));
    }

    [Test]
    public void Inspect_ListsTensors()
    {
        Run("checkpoint", "export", At("train.json"), "--to", At("w.safetensors"));

        var result = Run("checkpoint", "inspect", At("w.safetensors"));

        Assert.That(result.Output, Does.Match(@"(?m)^layer1\.0\.conv1\.weight +F32 +\[2, 2, 3, 3\]"));
    }

    [Test]
    public void Doctor_FindsAllWell()
    {
        var result = Run("doctor");

        Assert.That((result.ExitCode, result.Output.Contains("convolution")), Is.EqualTo((0, true)), result.Output);
    }

    private static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "FixupNet.sln"))) folder = folder.Parent!;
        return folder.FullName;
    }
}
