using FixupNet.Reporting.Figures;

namespace FixupNet.Reporting.Tests.Figures;

public sealed class GradientHistoryTests : NormsFileTests
{
    [Test]
    public void Read_KeepsEveryNorm_WhenThereIsRoom()
    {
        Write(3, 2, (step, layer) => step == 1 && layer == 2 ? 0 : Math.Pow(10, layer - 30));

        var history = GradientHistory.Read(NormsPath)!;

        Assert.That(history.Codes.Select(column => column.Select(Value)), Is.EqualTo(new[] { new[] { -30.0, -29, -28 }, [-30, -29, double.NegativeInfinity] }));
        Assert.That((history.Steps, history.LayersPerRow), Is.EqualTo((new long[] { 0, 1 }, 1)));
    }

    [Test]
    public void Read_KeepsSpikesAndWhatIsNotFinite_WhenCellsAreShared()
    {
        Write(10_000, 450, (step, layer) => (step, layer) switch { (7, 5000) => 1e6, (301, 9999) => double.NaN, _ => 1e-3 });

        var history = GradientHistory.Read(NormsPath)!;

        Assert.That((history.Codes.Count, history.Codes[0].Length, history.LayersPerRow), Is.EqualTo((150, 250, 40)));
        Assert.That(Value(history.Codes[7 / 3][5000 / 40]), Is.EqualTo(6));
        Assert.That(history.Codes[301 / 3][9999 / 40], Is.EqualTo(NormCode.NaN));
        Assert.That(history.Codes.SelectMany(column => column).Select(Value).Count(value => value == -3), Is.EqualTo(150 * 250 - 2));
    }

    [Test]
    public void Read_ChoosesStepsFromTheFirstToTheLast()
    {
        Write(2, 9, (_, _) => 1);

        Assert.That(GradientHistory.Read(NormsPath)!.Chosen.Select(line => line.Step), Is.EqualTo(new[] { 0, 2, 4, 6, 8 }));
    }

    [Test]
    public void Read_LeavesOutALineThatACrashCutOff()
    {
        Write(2, 3, (_, _) => 1);
        File.AppendAllText(NormsPath, "{\"step\":3,\"ep");

        Assert.That(GradientHistory.Read(NormsPath)!.Steps, Is.EqualTo(new[] { 0, 1, 2 }));
    }

    private protected override object? Read() => GradientHistory.Read(NormsPath);

    private static double Value(ushort code) => code == NormCode.Zero ? double.NegativeInfinity : NormCode.IsNumber(code) ? NormCode.Exponent(code) : double.NaN;
}
