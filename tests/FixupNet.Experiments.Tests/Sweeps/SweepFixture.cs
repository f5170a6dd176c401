using FixupNet.Experiments.Configuration.Nodes;
using FixupNet.Experiments.Sweeps;
using FixupNet.Experiments.Tests.Configuration;

namespace FixupNet.Experiments.Tests.Sweeps;

/// <summary>A folder with a base, and shorthands for sweeps in it.</summary>
internal abstract class SweepFixture
{
    protected const string Base = """{ "name": "base", "training": { "epochs": 3 } }""";

    protected TemporaryFolder Folder { get; private set; } = null!;

    [SetUp]
    public void CreateFolder() => Folder = new TemporaryFolder();

    [TearDown]
    public void DeleteFolder() => Folder.Dispose();

    protected SweepPlan Plan(string json, params string[] arguments)
    {
        Folder.Write("base.json", Base);
        return SweepPlan.Load(Folder.Write("s.json", json), arguments, Some.Registries);
    }

    // The folder's name is left out of the messages.
    protected string[] ErrorsOf(string json, params string[] arguments) =>
        Assert.Throws<ConfigException>(() => Plan(json, arguments))!.Message.Replace(Folder.Path + Path.DirectorySeparatorChar, "").Split('\n');
}
