using FixupNet.Reporting.Figures;
using FixupNet.Runs.Json;
using FixupNet.Runs.Records;

namespace FixupNet.Reporting.Tests.Figures;

public sealed class GradientSnapshotsTests
{
    private string _folder = null!;

    private string Path => System.IO.Path.Combine(_folder, "gradient-norms.jsonl");

    [SetUp]
    public void CreateFolder() => _folder = Directory.CreateTempSubdirectory("fixupnet-").FullName;

    [TearDown]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void Read_KeepsEveryNorm_WhenThereIsRoom()
    {
        Write(3, 4, (step, layer) => step == 1 && layer == 2 ? 0 : Math.Pow(10, layer - 30));

        var norms = GradientSnapshots.Read(Path, 1000)!;

        Assert.That((norms.LayersPerRow, norms.Steps.Count), Is.EqualTo((1, 4)));
        Assert.That(norms.Steps[1].Largest, Is.EqualTo(new[] { NormCode.Of(1e-30), NormCode.Of(1e-29), NormCode.Zero }));
        Assert.That((norms.Steps[1].First, norms.Steps[1].Last, norms.Steps[1].Total), Is.EqualTo((1e-30, 0, 1)).Within(1e-40)); // as they were written
    }

    [Test]
    public void Read_KeepsLeastAndLargest_WhenLayersShareARow()
    {
        Write(10_000, 3, (step, layer) => (step, layer) switch { (2, 5000) => 1e6, (2, 5001) => 1e-12, (1, 9999) => double.NaN, _ => 1e-3 });

        var norms = GradientSnapshots.Read(Path, 32_000)!;

        Assert.That((norms.LayersPerRow, norms.Steps[0].Largest.Length), Is.EqualTo((10, 1000)));
        Assert.That((norms.Steps[2].Least[500], norms.Steps[2].Largest[500]), Is.EqualTo((NormCode.Of(1e-12), NormCode.Of(1e6))));
        Assert.That(norms.Steps[1].Largest[^1], Is.EqualTo(NormCode.NaN));
    }

    [Test]
    public void Read_ChoosesStepsFromTheFirstToTheLast_WhenThereAreMany()
    {
        Write(10, 1001, (_, _) => 1);

        var steps = GradientSnapshots.Read(Path, 1000)!.Steps;

        Assert.That((steps.Count, steps[0].Step, steps[1].Step, steps[^1].Step), Is.EqualTo((100, 0, 10, 1000)));
    }

    [Test]
    public void Read_Throws_WhenALineHasNormsOfOtherLayers()
    {
        Write(3, 1, (_, _) => 1);
        using (var writer = new JsonLinesWriter(Path)) writer.Write(new GradientNormsLine(9, 1, 1, [1, 2]));

        Assert.That(() => GradientSnapshots.Read(Path, 1000), Throws.InstanceOf<InvalidDataException>().With.Message.Contains("2 norms for 3 layers"));
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("{\"layers\":[\"conv1\"]}\n")]
    [TestCase("{\"layers\":[]}\n{\"step\":0,\"epoch\":0,\"total\":0,\"norms\":[]}\n")]
    public void Read_IsNull_WhenNothingWasRecorded(string? content)
    {
        if (content is not null) File.WriteAllText(Path, content);

        Assert.That(GradientSnapshots.Read(Path, 1000), Is.Null);
    }

    private void Write(int layers, int steps, Func<int, int, double> norm) => NormsFile.Write(Path, layers, steps, norm);
}
