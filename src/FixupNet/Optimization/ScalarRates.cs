using FixupNet.Residual;

namespace FixupNet.Optimization;

/// <summary>What scalars learn at, as multiples of the weights' learning rate.</summary>
/// <param name="Group">Which parameters are scalars.</param>
/// <param name="Factor">The factor of every scalar without one of its own.</param>
/// <param name="BiasFactor">The factor of scalar biases; null: <paramref name="Factor"/>.</param>
/// <param name="MultiplierFactor">The factor of multipliers; null: <paramref name="Factor"/>.</param>
/// <param name="Rule">How all of them depend on depth.</param>
/// <param name="DepthThreshold">D₀, the residual branches up to which they do not.</param>
/// <param name="DepthExponent">p: with L branches, more than D₀, they are multiplied by (D₀/L)^p.</param>
/// <remarks>
/// One update of a scalar bias changes the function by its rate, and the L branches' biases of a network move alike: together by L times that.
/// The depth rule keeps the whole change at that of a network of D₀ branches.
/// </remarks>
public sealed record ScalarRates(
    ScalarGroupRule Group, double Factor, double? BiasFactor = null, double? MultiplierFactor = null,
    ScalarRateRule Rule = ScalarRateRule.Fixed, double DepthThreshold = ScalarRates.PublishedDepth, double DepthExponent = 1)
{
    /// <summary>The residual branches of ResNet-110, the deepest network that the published rate was published with.</summary>
    public const double PublishedDepth = 54;

    // Whether somebody must know the parameters' roles, or how deep the network is.
    private bool NeedsTopology => BiasFactor is not null || MultiplierFactor is not null || Rule == ScalarRateRule.Depth;

    /// <summary>A scalar's factor.</summary>
    /// <param name="parameter">One of the scalars.</param>
    /// <param name="topology">Knows its role and how deep the network is; null where nobody does.</param>
    /// <exception cref="ArgumentException">Nobody knows, and it matters.</exception>
    internal double Of(TorchSharp.Modules.Parameter parameter, ResidualTopology? topology)
    {
        if (topology is null)
        {
            return NeedsTopology
                ? throw new ArgumentException("Factors by role and the rule \"depth\" need the network's topology: describe it, or give scalars one fixed factor.", nameof(topology))
                : Factor;
        }
        var own = topology.RoleOf(parameter) switch
        {
            ParameterRole.ScalarBias => BiasFactor,
            ParameterRole.Multiplier => MultiplierFactor,
            _ => null,
        };
        return (own ?? Factor) * DepthFactor(topology.BranchCount);
    }

    private double DepthFactor(int branchCount) =>
        Rule == ScalarRateRule.Fixed || branchCount <= DepthThreshold ? 1 : Math.Pow(DepthThreshold / branchCount, DepthExponent);
}
