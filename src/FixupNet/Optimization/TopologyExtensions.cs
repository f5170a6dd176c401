using FixupNet.Residual;
using TorchSharp.Modules;

namespace FixupNet.Optimization;

/// <summary>What a described network gives to optimizers that are not of this library.</summary>
public static class TopologyExtensions
{
    /// <summary>A network's parameters by the rates they learn at: weights, then scalars.</summary>
    /// <param name="topology">Knows which ones are scalars.</param>
    /// <param name="parameters">State-dict names and parameters, as named_parameters() gives them.</param>
    /// <param name="scalarLearningRateFactor">η of the scalars as a multiple of the weights', 0 or more; by default as published.</param>
    /// <returns>The groups, none of them empty.</returns>
    /// <exception cref="ArgumentException">A parameter has no place in the topology.</exception>
    /// <remarks>
    /// <code>
    /// var groups = topology.ParameterGroups(net.named_parameters());
    /// using var adam = optim.AdamW(groups.Select(group => new AdamW.ParamGroup(group.Values, lr: 1e-3 * group.LearningRateFactor)));
    /// </code>
    /// </remarks>
    public static IReadOnlyList<ParameterGroup> ParameterGroups(
        this ResidualTopology topology, IEnumerable<(string Name, Parameter Parameter)> parameters, double scalarLearningRateFactor = 0.1)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(scalarLearningRateFactor);
        return Optimization.ParameterGroups.ByRate(parameters, new ScalarRates(ScalarGroupRule.ByRole, scalarLearningRateFactor), topology);
    }
}
