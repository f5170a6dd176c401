using FixupNet.Reporting.Figures;

namespace FixupNet.Reporting.Tests.Figures;

public sealed class GradientSnapshotsTests : NormsFileTests
{
    [Test]
    public void Read_KeepsEveryNorm_WhenThereIsRoom()
    {
        Write(3, 4, (step, layer) => step == 1 && layer == 2 ? 0 : Math.Pow(10, layer - 30));

        var norms = GradientSnapshots.Read(NormsPath, 1000)!;

        Assert.That((norms.LayersPerRow, norms.Steps.Count), Is.EqualTo((1, 4)));
        Assert.That(norms.Steps[1].Largest, Is.EqualTo(new[] { NormCode.Of(1e-30), NormCode.Of(1e-29), NormCode.Zero }));
        Assert.That((norms.Steps[1].First, norms.Steps[1].Last, norms.Steps[1].Total), Is.EqualTo((1e-30, 0, 1)).Within(1e-40)); // as they were written
    }

    [Test]
    public void Read_KeepsLeastAndLargest_WhenLayersShareARow()
    {
        Write(10_000, 3, (step, layer) => (step, layer) switch { (2, 5000) => 1e6, (2, 5001) => 1e-12, (1, 9999) => double.NaN, _ => 1e-3 });

        var norms = GradientSnapshots.Read(NormsPath, 32_000)!;

        Assert.That((norms.LayersPerRow, norms.Steps[0].Largest.Length), Is.EqualTo((10, 1000)));
        Assert.That((norms.Steps[2].Least[500], norms.Steps[2].Largest[500]), Is.EqualTo((NormCode.Of(1e-12), NormCode.Of(1e6))));
        Assert.That(norms.Steps[1].Largest[^1], Is.EqualTo(NormCode.NaN));
    }

    [Test]
    public void Read_ChoosesStepsFromTheFirstToTheLast_WhenThereAreMany()
    {
        Write(10, 1001, (_, _) => 1);

        var steps = GradientSnapshots.Read(NormsPath, 1000)!.Steps;

        Assert.That((steps.Count, steps[0].Step, steps[1].Step, steps[^1].Step), Is.EqualTo((100, 0, 10, 1000)));
    }

    private protected override object? Read() => GradientSnapshots.Read(NormsPath, 1000);
}
