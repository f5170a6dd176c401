using FixupNet.Residual;
using TorchSharp.Modules;

namespace FixupNet.Optimization;

/// <summary>A network's parameters in two groups that learn at different rates.</summary>
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

    private static bool HasScalarRole(string name, Parameter parameter, ResidualTopology topology) =>
        topology.ScalarRoles.Contains(topology.RoleOf(parameter) ?? throw new ArgumentException(
            $"The parameter \"{name}\" has no place in the network's topology: describe it there, or choose the scalars by their size.", nameof(topology)));
}
