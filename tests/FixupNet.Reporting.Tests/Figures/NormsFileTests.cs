using FixupNet.Runs.Json;
using FixupNet.Runs.Records;

namespace FixupNet.Reporting.Tests.Figures;

/// <summary>Tests of what reads files of gradient norms: each has a file of its own.</summary>
public abstract class NormsFileTests
{
    private string _folder = null!;

    /// <summary>The file, which a test writes or leaves absent.</summary>
    protected string NormsPath => Path.Combine(_folder, "gradient-norms.jsonl");

    /// <summary>Contents of files in which no step is recorded; null for no file.</summary>
    protected static IReadOnlyList<string?> WithoutSteps { get; } = [null, "", "{\"layers\":[\"conv1\"]}\n", "{\"layers\":[]}\n{\"step\":0,\"epoch\":0,\"total\":0,\"norms\":[]}\n"];

    [SetUp]
    public void CreateFolder() => _folder = Directory.CreateTempSubdirectory("fixupnet-").FullName;

    [TearDown]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void Read_Throws_WhenALineHasNormsOfOtherLayers()
    {
        Write(3, 1, (_, _) => 1);
        using (var writer = new JsonLinesWriter(NormsPath)) writer.Write(new GradientNormsLine(9, 1, 1, [1, 2]));

        Assert.That(Read, Throws.InstanceOf<InvalidDataException>().With.Message.Contains("2 norms for 3 layers"));
    }

    [TestCaseSource(nameof(WithoutSteps))]
    public void Read_IsNull_WhenNothingWasRecorded(string? content)
    {
        if (content is not null) File.WriteAllText(NormsPath, content);

        Assert.That(Read(), Is.Null);
    }

    /// <summary>Reads the file.</summary>
    private protected abstract object? Read();

    /// <summary>Writes the file; see <see cref="NormsFile"/>.</summary>
    protected void Write(int layers, int steps, Func<int, int, double> norm) => NormsFile.Write(NormsPath, layers, steps, norm);
}
