using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Optimization.GradientTransforms;

/// <summary>Changes gradients between the backward pass and the update.</summary>
public interface IGradientTransform
{
    /// <summary>Its name in the registry.</summary>
    string Name { get; }

    /// <summary>Changes the gradients as they are now, in place, without asking for any value: on a GPU the step may be recorded into a graph.</summary>
    /// <returns>The share of its units that it changed, in [0, 1]: float64 [], on the gradients' device.</returns>
    Tensor Queue();
}

/// <summary>What a transform did once.</summary>
/// <param name="Name">The transform's name in the registry.</param>
/// <param name="Clipped">The share of its units that it changed, in [0, 1].</param>
public sealed record TransformReading(string Name, double Clipped);

/// <summary>Applies transforms where their effect may be waited for.</summary>
public static class GradientTransformExtensions
{
    /// <summary>Changes the gradients as they are now, in place, and tells what was changed.</summary>
    /// <param name="transform">The transform.</param>
    public static TransformReading Apply(this IGradientTransform transform)
    {
        using var clipped = transform.Queue();
        return new TransformReading(transform.Name, clipped.ToDouble());
    }
}
