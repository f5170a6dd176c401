namespace FixupNet.Reliability.Tests;

/// <summary>A test of a promise, with a folder of its own.</summary>
internal abstract class ReliabilityTest
{
    protected string Folder { get; private set; } = "";

    [SetUp]
    public void CreateFolder() => Folder = Directory.CreateTempSubdirectory("fixupnet-promise-").FullName;

    [TearDown]
    public void DeleteFolder() => Directory.Delete(Folder, recursive: true);

    protected string At(params string[] names) => Path.Combine([Folder, .. names]);

    protected string Write(string name, string text)
    {
        File.WriteAllText(At(name), text);
        return At(name);
    }
}
