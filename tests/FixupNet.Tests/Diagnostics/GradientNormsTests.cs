using FixupNet.Architectures;
using FixupNet.Diagnostics;
using FixupNet.Optimization;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FixupNet.Tests.Diagnostics;

public class GradientNormsTests
{
    [TestCase(ScalarType.Float32)]
    [TestCase(ScalarType.Float64)]
    [TestCase(ScalarType.BFloat16)]
    public void Measure_GivesTheL2Norm(ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        var (weight, bias) = (WithGradient(37, 3.0, dtype), WithGradient(2, 4.0, dtype));

        var reading = GradientNorms.OfParameters([("weight", weight), ("bias", bias)]).Measure();

        Assert.Multiple(() =>
        {
            Assert.That(reading.Norms, Is.EqualTo(new[] { 3 * Math.Sqrt(37), 4 * Math.Sqrt(2) }).Within(1e-12));
            Assert.That(reading.Total, Is.EqualTo(Math.Sqrt(9 * 37 + 16 * 2)).Within(1e-12));
            Assert.That(reading.State, Is.EqualTo(NormState.Finite));
        });
    }

    [Test]
    public void Measure_DoesNotOverflow_WhenSquaresDoInFloat32()
    {
        using var scope = NewDisposeScope();

        var reading = GradientNorms.OfParameters([("weight", WithGradient(16, 1e30, ScalarType.Float32))]).Measure();

        Assert.That(reading.Total, Is.EqualTo(4e30).Within(1e-5).Percent); // 1e30 in float32
    }

    [TestCase(0.0, NormState.Zero)]
    [TestCase(double.NaN, NormState.NaN)]
    [TestCase(double.PositiveInfinity, NormState.Overflow)]
    public void Measure_ReportsTheState(double value, NormState expected)
    {
        using var scope = NewDisposeScope();
        var norms = GradientNorms.OfParameters([("sound", WithGradient(16, 1.0, ScalarType.Float32)), ("odd", WithGradient(19, value, ScalarType.Float32))]);

        var reading = norms.Measure();

        Assert.Multiple(() =>
        {
            Assert.That(NormStates.Of(reading.Norms[1]), Is.EqualTo(expected));
            Assert.That(reading.FirstNonFinite, Is.EqualTo(expected == NormState.Zero ? null : 1));
        });
    }

    [Test]
    public void OfWeights_WatchesWeightLayersAndTotalsEverything()
    {
        using var scope = NewDisposeScope();
        using var network = new ResNetCifar(new ResNetCifarOptions(Depth: 8), Cases.ClassCount);
        using var gradients = new FlatGradients([.. network.parameters()]);
        gradients.Whole.fill_(0);
        foreach (var parameter in network.parameters()) gradients.Of(parameter).fill_(1.0);

        var norms = GradientNorms.OfWeights(network.Topology);
        var reading = norms.Measure();

        Assert.Multiple(() =>
        {
            Assert.That(norms.Names, Has.Count.EqualTo(8));
            Assert.That(norms.Names[0], Is.EqualTo("conv1"));
            Assert.That(reading.Norms[0], Is.EqualTo(Math.Sqrt(432)).Within(1e-12));
            Assert.That(reading.Total, Is.EqualTo(Math.Sqrt(network.parameters().Sum(parameter => parameter.numel()))).Within(1e-9));
        });
    }

    // The path taken on other devices, which runs on the CPU as well.
    [Test]
    public void OnDevice_EqualsTheCpuPath()
    {
        using var scope = NewDisposeScope();
        Parameter[] parameters = [WithGradient(37, 0.3, ScalarType.Float32), WithGradient(5, -7.0, ScalarType.Float32)];

        var squares = GradientNorms.OnDevice(parameters);

        var reading = GradientNorms.OfParameters(parameters.Select(parameter => ("p", parameter))).Measure();
        Assert.That(squares.Select(Math.Sqrt), Is.EqualTo(reading.Norms).Within(1e-12));
    }

    [Test]
    public void Measure_Throws_WhenThereIsNoGradient()
    {
        var norms = GradientNorms.OfParameters([("weight", new Parameter(ones([3])))]);

        Assert.That(norms.Measure, Throws.InvalidOperationException);
    }

    [Test]
    public void Measure_IsZero_WhenNothingIsWatched() => Assert.That(GradientNorms.OfParameters([]).Measure().Total, Is.Zero);

    private static Parameter WithGradient(long count, double value, ScalarType dtype)
    {
        var parameter = new Parameter(ones([count], dtype: dtype));
        parameter.grad = full([count], value, dtype: dtype);
        return parameter;
    }
}
