namespace FixupNet.Runs.Tests;

/// <summary>Gives every test an empty folder of its own.</summary>
public abstract class TemporaryFolderTests
{
    protected string Folder { get; private set; } = "";

    [SetUp]
    public void CreateFolder() => Folder = Directory.CreateTempSubdirectory("fixupnet-").FullName;

    [TearDown]
    public void DeleteFolder() => Directory.Delete(Folder, recursive: true);

    protected string At(string name) => Path.Combine(Folder, name);
}
