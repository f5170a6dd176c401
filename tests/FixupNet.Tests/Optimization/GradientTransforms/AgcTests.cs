using System.Text.Json;
using FixupNet.Architectures;
using FixupNet.Initialization.Schemes;
using FixupNet.Optimization;
using FixupNet.Optimization.GradientTransforms;
using FixupNet.Residual;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FixupNet.Tests.Optimization.GradientTransforms;

/// <summary>Adaptive clipping against PyTorch's float64 results unit by unit (Fixtures/agc.json), and its trap.</summary>
/// <remarks>
/// Weights are f·v with v of <see cref="Methods.MethodReferenceTests"/>' formula for a weight; gradients are f·cos(0.7 i + 1.3 (k + 10) + 0.1)·ramp, the
/// ramp from 0.05 to 2 along the first axis, rounded to float32.
/// </remarks>
public sealed class AgcTests
{
    private static readonly JsonElement s_units = JsonDocument.Parse(
        File.ReadAllText(Path.Combine(TestContext.CurrentContext.TestDirectory, "Fixtures", "agc.json"))).RootElement.GetProperty("agc units");

    private static IEnumerable<string> Kinds() => s_units.EnumerateObject().Where(item => item.Value.ValueKind == JsonValueKind.Object).Select(item => item.Name);

    [TestCaseSource(nameof(Kinds))]
    public void Apply_EqualsPyTorch_UnitByUnit(string kind)
    {
        using var scope = NewDisposeScope();
        var expected = s_units.GetProperty(kind);
        var shape = Numbers(expected, "shape").Select(size => (long)size).ToArray();
        var weights = new Parameter(Weights(expected, shape));
        using var optimizer = new Sgd([("conv.weight", weights)], new SgdOptions());
        optimizer.Gradients.Of(weights).copy_(Gradient(expected, shape));
        Assert.That(UnitNorms(optimizer.Gradients.Of(weights)), Is.EqualTo(Numbers(expected, "gradient_unit_norms")).Within(1e-10).Percent, "the case itself");

        var reading = Of(optimizer, [("conv.weight", weights)], new AgcOptions()).Apply();

        var units = Numbers(expected, "clipped_unit_norms");
        Assert.Multiple(() =>
        {
            Assert.That(UnitNorms(optimizer.Gradients.Of(weights)), Is.EqualTo(units).Within(1e-7).Percent); // 1e-9
            Assert.That(reading.Clipped, Is.EqualTo(expected.GetProperty("units_clipped").GetInt32() / (double)units.Length));
        });
    }

    // Fixup starts the last layer of every branch at 0: clipped, it would be allowed 1e-5 a unit.
    [TestCase(ZeroInitialized.Exclude, 1.0)]
    [TestCase(ZeroInitialized.Clip, 1e-5)]
    public void Apply_LeavesZeroInitializedLayersAlone_UnlessAskedFor(ZeroInitialized rule, double expected)
    {
        using var scope = NewDisposeScope();
        using var network = new ResNetCifar(new ResNetCifarOptions(Depth: 8, Width: 4));
        FixupScheme.Apply(network.Topology, seed: 1);
        using var optimizer = new Sgd(network.named_parameters(), new SgdOptions(), network.Topology);
        var target = new TransformTarget(
            [.. network.named_parameters()], optimizer.Gradients, network.Topology, TransformTarget.ZerosOf(network.named_parameters()));
        var (first, last) = (network.Topology.Branches[0].Layers[0].Weight, network.Topology.Branches[0].Layers[1].Weight);
        foreach (var parameter in network.parameters()) optimizer.Gradients.Of(parameter).fill_(1 / Math.Sqrt(parameter.numel() / (double)parameter.shape[0]));

        new Agc(target, new AgcOptions(ZeroInitialized: rule)).Apply();

        Assert.Multiple(() =>
        {
            Assert.That(UnitNorms(optimizer.Gradients.Of(last)), Has.All.EqualTo(expected).Within(1e-4).Percent); // float32 rounding
            Assert.That(UnitNorms(optimizer.Gradients.Of(first)), Is.EqualTo(UnitNorms(first).Select(norm => 0.01 * norm)).Within(1e-4).Percent);
        });
    }

    [Test]
    public void Apply_LeavesTheClassifierAlone_UnlessAskedFor([Values] bool asked)
    {
        var (weight, bias) = (new Parameter(ones([2, 3])), new Parameter(ones([2])));
        var topology = new ResidualTopology([], [], new WeightLayer("fc", weight, bias));
        using var optimizer = new Sgd([("fc.weight", weight), ("fc.bias", bias)], new SgdOptions(), topology);
        optimizer.Gradients.Whole.fill_(1);

        var reading = Of(optimizer, [("fc.weight", weight), ("fc.bias", bias)], new AgcOptions(Classifier: asked), topology).Apply();

        Assert.That((reading.Clipped, optimizer.Gradients.Of(weight).sum().ToDouble() < 1), Is.EqualTo((asked ? 1.0 : 0.0, asked)));
    }

    private static Agc Of(Sgd optimizer, (string, Parameter)[] parameters, AgcOptions options, ResidualTopology? topology = null) =>
        new(new TransformTarget(parameters, optimizer.Gradients, topology, new HashSet<string>()), options);

    private static Tensor Weights(JsonElement expected, long[] shape)
    {
        var k = expected.GetProperty("k").GetInt32();
        var size = shape.Length switch
        {
            4 => Math.Sqrt(2.0 / (shape[0] * shape[2] * shape[3])),
            2 => 2 / Math.Sqrt(shape[0] + shape[1]),
            _ => 0.1,
        };
        var start = shape.Length < 2 ? 1 : 0;
        var values = Values(shape, i => (float)(start + size * Math.Cos(0.7 * i + 1.3 * k + 0.1 + 0.003 * (i % 1009) * (i % 1009))));
        return tensor(values, shape) * expected.GetProperty("weight_factor").GetDouble();
    }

    private static Tensor Gradient(JsonElement expected, long[] shape)
    {
        var (k, factor) = (expected.GetProperty("k").GetInt32(), expected.GetProperty("gradient_factor").GetDouble());
        var perUnit = shape.Skip(1).Aggregate(1L, (product, size) => product * size);
        double Ramp(long unit) => shape[0] == 1 ? 0.05 : 0.05 + (2 - 0.05) * unit / (shape[0] - 1);
        return tensor(Values(shape, i => (float)(factor * Math.Cos(0.7 * i + 1.3 * (k + 10) + 0.1) * Ramp(i / perUnit))), shape);
    }

    private static double[] Values(long[] shape, Func<long, double> at)
    {
        var values = new double[shape.Aggregate(1L, (product, size) => product * size)];
        for (var i = 0; i < values.Length; i++) values[i] = at(i);
        return values;
    }

    private static double[] UnitNorms(Tensor tensor)
    {
        var units = tensor.dim() > 1 ? tensor.shape[0] : 1;
        return [.. tensor.detach().view(units, -1).to(ScalarType.Float64).square().sum(1).sqrt().data<double>().ToArray()];
    }

    private static double[] Numbers(JsonElement parent, string name) => [.. parent.GetProperty(name).EnumerateArray().Select(item => item.GetDouble())];
}
