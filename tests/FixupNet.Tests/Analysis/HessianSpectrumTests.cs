using FixupNet.Analysis;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Tests.Analysis;

/// <summary>What products alone tell of a matrix whose spectrum is known: diag(−3, 0, 1, 2, 5).</summary>
public sealed class HessianSpectrumTests
{
    private static readonly double[] s_values = [-3, 0, 1, 2, 5];

    [Test]
    public void Dominant_FindsTheGreatestMagnitude_AndTheNextOnceItIsDeflated()
    {
        using var scope = NewDisposeScope();
        var start = HessianSpectrum.Direction(5, 3, ScalarType.Float64, CPU);

        var first = HessianSpectrum.Dominant(Product, start, 1e-9, 200);
        var second = HessianSpectrum.Dominant(Product, start, 1e-9, 200, [first.Vector]);
        var third = HessianSpectrum.Dominant(Product, start, 1e-9, 200, [first.Vector, second.Vector]);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(new[] { first.Value, second.Value, third.Value }, Is.EqualTo(new[] { 5.0, -3, 2 }).Within(1e-7));
            Assert.That(first.IsConverged, Is.True);
            Assert.That(HessianSpectrum.Dominant(Product, start, 1e-9, 2).IsConverged, Is.False);
        }
    }

    // Every probe gives the trace of a diagonal matrix.
    [Test]
    public void Trace_OfADiagonalMatrix_IsExact()
    {
        using var scope = NewDisposeScope();

        var trace = HessianSpectrum.Trace(Product, Enumerable.Range(0, 3).Select(i => HessianSpectrum.Direction(5, (ulong)i, ScalarType.Float64, CPU)));

        Assert.That((trace.Mean, trace.StandardError, trace.Count), Is.EqualTo((5.0, 0.0, 3)).Within(1e-12));
    }

    [Test]
    public void Lanczos_FindsTheWholeSpectrum_AndStopsThere()
    {
        using var scope = NewDisposeScope();

        var nodes = HessianSpectrum.Lanczos(Product, HessianSpectrum.Direction(5, 1, ScalarType.Float64, CPU), 100);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(nodes.Select(node => node.Node), Is.EqualTo(s_values).Within(1e-9));
            Assert.That(nodes.Select(node => node.Weight), Is.EqualTo(Enumerable.Repeat(0.2, 5)).Within(1e-9));
        }
    }

    [Test]
    public void Density_HasTheAreaOne_AndPeaksAtTheNodes()
    {
        using var scope = NewDisposeScope();
        var nodes = HessianSpectrum.Lanczos(Product, HessianSpectrum.Direction(5, 1, ScalarType.Float64, CPU), 100);

        var density = HessianSpectrum.Density([nodes], points: 4001, width: 1e-3);

        var step = density[1].Value - density[0].Value;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(density.Sum(point => point.Density) * step, Is.EqualTo(1).Within(1e-3));
            Assert.That(s_values, Has.All.Matches<double>(value => density.MinBy(point => Math.Abs(point.Value - value)).Density > 0.5));
        }
    }

    private static Tensor Product(Tensor direction) => direction * tensor(s_values);
}
