using FixupNet.Reporting.Figures;

namespace FixupNet.Reporting.Tests.Figures;

public sealed class GradientNormCurveTests
{
    [Test]
    public void Of_KeepsEveryLayer_WhenEachHasAColumn()
    {
        var curve = GradientNormCurve.Of([3, 1, 2], layer => layer);

        Assert.That(curve.Lines, Is.EqualTo(new[] { new[] { (1, 3.0), (2, 1.0), (3, 2.0) } }));
    }

    [Test]
    public void Of_BreaksTheCurve_WhereALogarithmIsNoNumber()
    {
        var curve = GradientNormCurve.Of([1, 0, 2, 3, double.NaN, 4, double.PositiveInfinity, 0], layer => layer);

        Assert.That(curve.Lines, Is.EqualTo(new[] { new[] { (1, 1.0) }, [(3, 2.0), (4, 3.0)], [(6, 4.0)] }));
        Assert.That(curve.Zeros, Is.EqualTo(new[] { 2, 8 }));
        Assert.That(curve.NonFinite, Is.EqualTo(new[] { 5, 7 }));
    }

    [Test]
    public void Of_KeepsLeastAndLargestOfAColumn_InTheOrderOfTheLayers()
    {
        var curve = GradientNormCurve.Of([5, 9, 1, 4, /**/ 2, 2, /**/ 0, 7, 8, 0, double.NaN], layer => layer <= 4 ? 0 : layer <= 6 ? 1 : 2);

        Assert.That(curve.Lines.Single(), Is.EqualTo(new[] { (2, 9.0), (3, 1.0), (5, 2.0), (8, 7.0), (9, 8.0) }));
        Assert.That((curve.Zeros.Single(), curve.NonFinite.Single()), Is.EqualTo((7, 11)));
    }
}
