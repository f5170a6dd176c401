using FixupNet.Reporting.Figures;

namespace FixupNet.Reporting.Tests.Figures;

public sealed class DecimatedLineTests
{
    private static readonly ChartAxis Logarithmic = new("", AxisScale.Logarithmic);
    private static readonly ChartAxis Linear = new("", AxisScale.Linear);

    [Test]
    public void Of_KeepsEveryPoint_WhenEachHasAColumn()
    {
        var line = Of([3, 1, 2], Logarithmic, x => (int)x);

        Assert.That(line.Runs.Single(), Is.EqualTo(new ChartPoint[] { new(1, 3), new(2, 1), new(3, 2) }));
    }

    [Test]
    public void Of_BreaksTheLine_WhereALogarithmIsNoNumber()
    {
        var line = Of([1, 0, 2, 3, double.NaN, 4, double.PositiveInfinity, 0], Logarithmic, x => (int)x);

        Assert.That(line.Runs, Is.EqualTo(new[] { new ChartPoint[] { new(1, 1) }, [new(3, 2), new(4, 3)], [new(6, 4)] }));
        Assert.That(line.Zeros.Select(point => point.X), Is.EqualTo(new[] { 2, 8 }));
        Assert.That(line.NonFinite.Select(point => point.X), Is.EqualTo(new[] { 5, 7 }));
    }

    [Test]
    public void Of_KeepsZeros_OnALinearAxis()
    {
        var line = Of([1, 0, double.NaN, -2], Linear, x => (int)x);

        Assert.That(line.Runs, Is.EqualTo(new[] { new ChartPoint[] { new(1, 1), new(2, 0) }, [new(4, -2)] }));
        Assert.That(line.Zeros, Is.Empty);
    }

    [Test]
    public void Of_KeepsLeastAndLargestOfAColumn_AndSetsApartOneWithZeros()
    {
        var line = Of([5, 9, 1, 4, /**/ 2, 2, 2, /**/ 0, 7, 8, 0, double.NaN], Logarithmic, x => x <= 4 ? 0 : x <= 7 ? 1 : 2);

        Assert.That(line.Runs, Is.EqualTo(new[] { new ChartPoint[] { new(2, 9), new(3, 1), new(5, 2) }, [new(9, 7), new(10, 8)] }));
        Assert.That((line.Zeros.Single().X, line.NonFinite.Single().X), Is.EqualTo((8, 12)));
    }

    private static DecimatedLine Of(double[] values, ChartAxis axis, Func<double, int> columnOf) =>
        DecimatedLine.Of([.. values.Select((value, index) => new ChartPoint(index + 1, value))], axis, columnOf);
}
