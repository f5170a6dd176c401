using TorchSharp.Modules;

namespace FixupNet.Optimization;

/// <summary>Parameters that learn at one rate.</summary>
/// <param name="LearningRateFactor">That rate as a multiple of the weights', 0 or more.</param>
/// <param name="Parameters">State-dict names and parameters, at least one.</param>
public sealed record ParameterGroup(double LearningRateFactor, IReadOnlyList<(string Name, Parameter Parameter)> Parameters)
{
    /// <summary>The parameters alone, as TorchSharp's optimizers take them.</summary>
    public IEnumerable<Parameter> Values => Parameters.Select(item => item.Parameter);
}
