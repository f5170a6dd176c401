using FixupNet.Experiments.Configuration;
using FixupNet.Experiments.Configuration.Nodes;
using FixupNet.Optimization;
using FixupNet.Residual;

namespace FixupNet.Experiments.Sweeps;

/// <summary>Tells a grid over the rates of scalars that changes nothing in a trial: such trials would differ in their names only.</summary>
internal static class ScalarRateAxes
{
    // With the role that must be among a method's scalars; null: any.
    private static readonly Dictionary<string, ParameterRole?> Keys = new()
    {
        ["optimizer.scalarLearningRateFactor"] = null,
        ["optimizer.scalarLearningRateRule"] = null,
        ["optimizer.scalarDepthThreshold"] = null,
        ["optimizer.scalarDepthExponent"] = null,
        ["optimizer.scalarBiasLearningRateFactor"] = ParameterRole.ScalarBias,
        ["optimizer.multiplierLearningRateFactor"] = ParameterRole.Multiplier,
    };

    /// <summary>The keys of a grid that have no effect on a trial.</summary>
    /// <param name="grid">The grid.</param>
    /// <param name="config">The trial. Of networks whose scalars are chosen by size, nothing is said: their roles do not tell.</param>
    public static IEnumerable<ConfigError> WithoutEffect(IEnumerable<GridAxis> grid, TrainConfig config)
    {
        var group = config.Optimizer.Options switch { SgdOptions sgd => sgd.ScalarGroup, AdamOptions adam => adam.ScalarGroup, _ => (ScalarGroupRule?)null };
        if (group != ScalarGroupRule.ByRole) yield break;
        foreach (var axis in grid.Where(axis => axis.Values.Count > 1 && Keys.ContainsKey(axis.Key)))
        {
            var scalars = config.Registries.Models[config.Model.Name].MethodOf(config.Model.Options).ScalarRoles;
            if (Keys[axis.Key] is { } role ? scalars.Contains(role) : scalars.Count > 0) continue;
            var place = axis.Values[0].Place;
            yield return new ConfigError(place.File, place.Line, axis.Key,
                "has no effect: the method names no such parameter among its scalars. With optimizer.scalarGroup=single-element every parameter of one number is a scalar.", ProblemKind.Warning);
        }
    }
}
