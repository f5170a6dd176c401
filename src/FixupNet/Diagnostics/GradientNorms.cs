using System.Runtime.InteropServices;
using FixupNet.Execution;
using FixupNet.Residual;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FixupNet.Diagnostics;

/// <summary>Measures the L2 norms of gradients, layer by layer, accumulated in float64 whatever the gradients' dtype.</summary>
public sealed class GradientNorms
{
    // Copied in float64 at a time, so that norms take little memory: 32 MiB, and as much for the squares.
    private const long ElementsAtOnce = 1L << 22;

    private readonly IReadOnlyList<Parameter> _watched;
    private readonly IReadOnlyList<Parameter> _others;

    private GradientNorms(IReadOnlyList<(string Name, Parameter Parameter)> watched, IEnumerable<Parameter> all)
    {
        Names = [.. watched.Select(item => item.Name)];
        _watched = [.. watched.Select(item => item.Parameter)];
        var seen = new HashSet<object>(_watched, ReferenceEqualityComparer.Instance);
        _others = [.. all.Where(parameter => !seen.Contains(parameter))];
    }

    /// <summary>Names of the watched layers, in the order of the norms.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Watches the weight of every weight layer, in forward order; the total is over all parameters.</summary>
    /// <param name="topology">The network.</param>
    public static GradientNorms OfWeights(ResidualTopology topology) =>
        new([.. topology.WeightLayers.Select(layer => (layer.Name, layer.Weight))], topology.Parameters);

    /// <summary>Watches every parameter given.</summary>
    /// <param name="parameters">State-dict names and parameters, as named_parameters() gives them.</param>
    public static GradientNorms OfParameters(IEnumerable<(string Name, Parameter Parameter)> parameters) => new([.. parameters], []);

    /// <summary>Measures the gradients as they are now, after a backward pass and before the step.</summary>
    /// <exception cref="InvalidOperationException">A parameter has no gradient.</exception>
    public GradientNormReading Measure() => ReadingOf(Squares([.. _watched, .. _others]));

    /// <summary>The reading that follows from Σg² of every parameter, measured elsewhere.</summary>
    /// <param name="squareOf">Σg² of a parameter.</param>
    public GradientNormReading Of(Func<Parameter, double> squareOf) => ReadingOf([.. _watched.Concat(_others).Select(squareOf)]);

    private GradientNormReading ReadingOf(double[] squares) =>
        new(Math.Sqrt(squares.Sum()), [.. squares.Take(_watched.Count).Select(Math.Sqrt)]);

    private static double[] Squares(IReadOnlyList<Parameter> parameters)
    {
        if (parameters.Count == 0) return [];
        if (parameters[0].device_type != DeviceType.CPU) return OnDevice(parameters);
        var squares = new double[parameters.Count];
        ManyElements.ForEach(parameters.Sum(parameter => parameter.numel()), squares.Length, i => squares[i] = OnCpu(parameters[i]));
        return squares;
    }

    private static double OnCpu(Parameter parameter)
    {
        using var scope = NewDisposeScope();
        var gradient = GradientOf(parameter).contiguous();
        return gradient.dtype switch
        {
            ScalarType.Float32 => SquareSum.Of(MemoryMarshal.Cast<byte, float>(gradient.bytes)),
            ScalarType.Float64 => SquareSum.Of(MemoryMarshal.Cast<byte, double>(gradient.bytes)),
            _ => SquareSum.Of(MemoryMarshal.Cast<byte, double>(gradient.to(ScalarType.Float64).bytes)),
        };
    }

    // One transfer for all layers, for each transfer waits for the device, and a few operations for all layers of one shape, for a deep network
    // has thousands of layers and few shapes.
    internal static double[] OnDevice(IReadOnlyList<Parameter> parameters)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        int[][] groups = [.. Enumerable.Range(0, parameters.Count).GroupBy(i => parameters[i].numel()).SelectMany(
            group => group.Chunk((int)Math.Max(1, ElementsAtOnce / Math.Max(1, group.Key))))];
        var sums = cat([.. groups.Select(group => SquareSums([.. group.Select(i => GradientOf(parameters[i]))]))]);
        var read = MemoryMarshal.Cast<byte, double>(sums.cpu().bytes);
        var squares = new double[parameters.Count];
        foreach (var (place, i) in groups.SelectMany(group => group).Index()) squares[i] = read[place];
        return squares;
    }

    private static Tensor SquareSums(IReadOnlyList<Tensor> gradients)
    {
        using var scope = NewDisposeScope();
        return stack(gradients.Select(gradient => gradient.reshape(-1))).to(ScalarType.Float64).square().sum(1).MoveToOuterDisposeScope();
    }

    private static Tensor GradientOf(Parameter parameter) =>
        parameter.grad ?? throw new InvalidOperationException("A parameter has no gradient: measure after a backward pass.");
}
