namespace FixupNet.Optimization.GradientTransforms;

/// <summary>The gradient as the optimizer saw it.</summary>
/// <param name="Norm">L2 norm over every parameter, after all transforms.</param>
/// <param name="Readings">What each transform did, in their order.</param>
public sealed record TransformedGradient(double Norm, IReadOnlyList<TransformReading> Readings);
