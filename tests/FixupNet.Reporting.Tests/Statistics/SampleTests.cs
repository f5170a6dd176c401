using FixupNet.Reporting.Statistics;

namespace FixupNet.Reporting.Tests.Statistics;

public sealed class SampleTests
{
    private const double Infinity = double.PositiveInfinity;

    [TestCase(new double[0], null)]
    [TestCase(new[] { 3.0 }, 3.0)]
    [TestCase(new[] { 1.0, 2, 6 }, 3.0)]
    [TestCase(new[] { 1.0, Infinity }, Infinity)]
    [TestCase(new[] { 1.0, double.NaN }, double.NaN)]
    public void Mean_IsExact(double[] values, double? expected) => Assert.That(Sample.Mean(values), Is.EqualTo(expected));

    [TestCase(new double[0], null)]
    [TestCase(new[] { 3.0 }, null)]
    [TestCase(new[] { 1.0, 3 }, 1.4142135623730951)]
    [TestCase(new[] { 2.0, 4, 4, 4, 5, 5, 7, 9 }, 2.138089935299395)] // the square root of 32/7
    [TestCase(new[] { 5.0, 5, 5 }, 0.0)]
    [TestCase(new[] { 1.0, Infinity }, double.NaN)]
    public void StandardDeviation_DividesByOneLess(double[] values, double? expected) =>
        Assert.That(Sample.StandardDeviation(values), Is.EqualTo(expected));

    [Test]
    public void StandardDeviation_KeepsItsDigits_WhenValuesAreClose() =>
        Assert.That(Sample.StandardDeviation([1e9 + 1, 1e9 + 2, 1e9 + 3]), Is.EqualTo(1));

    [TestCase(new double[0], null)]
    [TestCase(new[] { 3.0 }, 3.0)]
    [TestCase(new[] { 9.0, 1, 2 }, 2.0)]
    [TestCase(new[] { 4.0, 1, 9, 2 }, 3.0)]
    [TestCase(new[] { double.NaN, 1, 2 }, 2.0)]
    [TestCase(new[] { double.NaN, Infinity, 2 }, Infinity)]
    [TestCase(new[] { double.NaN, double.NaN, 2 }, double.NaN)]
    public void Median_TakesNaNAsLargest(double[] values, double? expected) => Assert.That(Sample.Median(values), Is.EqualTo(expected));
}
