using FixupNet.Residual;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FixupNet.Optimization.GradientTransforms;

/// <summary>What gradient transforms work on.</summary>
/// <param name="Parameters">State-dict names and parameters; those of <paramref name="Gradients"/>.</param>
/// <param name="Gradients">Their gradients.</param>
/// <param name="Topology">Knows the classifier; null where nobody does.</param>
/// <param name="ZeroInitialized">Names of the parameters that began at 0, from <see cref="ZerosOf"/>.</param>
public sealed record TransformTarget(
    IReadOnlyList<(string Name, Parameter Parameter)> Parameters, FlatGradients Gradients, ResidualTopology? Topology, IReadOnlySet<string> ZeroInitialized)
{
    /// <summary>The parameters that are 0 in every element: ask once a network is initialized, before training.</summary>
    /// <param name="parameters">State-dict names and parameters.</param>
    public static IReadOnlySet<string> ZerosOf(IEnumerable<(string Name, Parameter Parameter)> parameters) =>
        parameters.Where(item => IsZero(item.Parameter)).Select(item => item.Name).ToHashSet();

    private static bool IsZero(Parameter parameter)
    {
        using var scope = NewDisposeScope();
        return parameter.eq(0).all().ToBoolean();
    }
}
