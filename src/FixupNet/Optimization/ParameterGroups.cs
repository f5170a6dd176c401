using FixupNet.Residual;
using TorchSharp.Modules;

namespace FixupNet.Optimization;

/// <summary>A network's parameters, weights and scalars apart, for they learn at different rates.</summary>
/// <param name="Weights">Parameters at the full learning rate.</param>
/// <param name="Scalars">Parameters at the scalar learning rate.</param>
public sealed record ParameterGroups(
    IReadOnlyList<(string Name, Parameter Parameter)> Weights,
    IReadOnlyList<(string Name, Parameter Parameter)> Scalars)
{
    /// <summary>Sorts parameters into the groups, keeping their order within each.</summary>
    /// <param name="parameters">State-dict names and parameters, as named_parameters() gives them.</param>
    /// <param name="rule">Which ones are scalars.</param>
    /// <param name="topology">Knows their roles; null where nobody does: then those of one element are scalars.</param>
    /// <exception cref="ArgumentException">A role is asked for, and the topology has no place for a parameter.</exception>
    public static ParameterGroups Split(
        IEnumerable<(string Name, Parameter Parameter)> parameters, ScalarGroupRule rule, ResidualTopology? topology = null)
    {
        var bySize = rule == ScalarGroupRule.SingleElement || topology is null;
        var byGroup = parameters.ToLookup(item => bySize ? item.Parameter.numel() == 1 : HasScalarRole(item.Name, item.Parameter, topology!));
        return new ParameterGroups([.. byGroup[false]], [.. byGroup[true]]);
    }

    /// <summary>Sorts parameters by the rates they learn at: weights first, then scalars, those of one factor together.</summary>
    /// <param name="parameters">State-dict names and parameters, as named_parameters() gives them.</param>
    /// <param name="rates">Which ones are scalars, and their factors.</param>
    /// <param name="topology">Knows roles and depth; null where nobody does.</param>
    /// <returns>At most <see cref="MostRates"/> groups, none of them empty.</returns>
    /// <exception cref="ArgumentException">A role or the depth is asked for, and the topology does not have it.</exception>
    public static IReadOnlyList<ParameterGroup> ByRate(
        IEnumerable<(string Name, Parameter Parameter)> parameters, ScalarRates rates, ResidualTopology? topology = null)
    {
        var (weights, scalars) = Split(parameters, rates.Group, topology);
        var groups = scalars.GroupBy(item => rates.Of(item.Parameter, topology)).Select(group => new ParameterGroup(group.Key, [.. group]));
        return weights.Count == 0 ? [.. groups] : [new ParameterGroup(1, weights), .. groups];
    }

    /// <summary>Rates that the parameters of a network can have: weights, scalar biases, multipliers, other scalars.</summary>
    public const int MostRates = 4;

    private static bool HasScalarRole(string name, Parameter parameter, ResidualTopology topology) =>
        topology.ScalarRoles.Contains(topology.RoleOf(parameter) ?? throw new ArgumentException(
            $"The parameter \"{name}\" has no place in the network's topology: describe it there, or choose the scalars by their size.", nameof(topology)));
}
