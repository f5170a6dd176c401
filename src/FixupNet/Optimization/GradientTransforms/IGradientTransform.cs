namespace FixupNet.Optimization.GradientTransforms;

/// <summary>Changes gradients between the backward pass and the update.</summary>
public interface IGradientTransform
{
    /// <summary>Changes the gradients as they are now, in place.</summary>
    TransformReading Apply();
}

/// <summary>What a transform did once.</summary>
/// <param name="Name">The transform's name in the registry.</param>
/// <param name="Clipped">The share of its units that it changed, in [0, 1].</param>
public sealed record TransformReading(string Name, double Clipped);
