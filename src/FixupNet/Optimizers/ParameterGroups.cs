using TorchSharp.Modules;

namespace FixupNet.Optimizers;

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
    public static ParameterGroups Split(IEnumerable<(string Name, Parameter Parameter)> parameters, ScalarGroupRule rule)
    {
        var byGroup = parameters.ToLookup(item => IsScalar(item.Name, item.Parameter, rule));
        return new ParameterGroups([.. byGroup[false]], [.. byGroup[true]]);
    }

    private static bool IsScalar(string name, Parameter parameter, ScalarGroupRule rule) => rule == ScalarGroupRule.SingleElement
        ? parameter.numel() == 1
        : name.Contains("bias", StringComparison.Ordinal) || name.Contains("scale", StringComparison.Ordinal);
}
