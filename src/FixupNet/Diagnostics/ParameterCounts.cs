using FixupNet.Residual;

namespace FixupNet.Diagnostics;

/// <summary>How many numbers a network learns, by the part they play.</summary>
/// <param name="Total">All of them.</param>
/// <param name="Weights">Weights and biases of weight layers.</param>
/// <param name="Scalars">Scalar biases and multipliers.</param>
/// <param name="Norms">Gains and shifts of normalization layers, gains of standardized weights.</param>
public sealed record ParameterCounts(long Total, long Weights, long Scalars, long Norms)
{
    /// <summary>Counts a network's parameters.</summary>
    /// <param name="topology">The network.</param>
    public static ParameterCounts Of(ResidualTopology topology)
    {
        var weights = topology.WeightLayers.Sum(layer => layer.Weight.numel() + (layer.Bias?.numel() ?? 0));
        var scalars = topology.Scalars.Concat(topology.Branches.SelectMany(branch => branch.Scalars)).Sum(scalar => scalar.numel());
        var norms = topology.NormLayers.Sum(norm => norm.Weight.numel() + norm.Bias.numel()) + topology.WeightLayers.Sum(layer => layer.Gain?.numel() ?? 0);
        return new ParameterCounts(weights + scalars + norms, weights, scalars, norms);
    }
}
