using FixupNet.Experiments.Configuration;

namespace FixupNet.Experiments.Sweeps;

/// <summary>Leaves out the trials that have, for every key, one of its values.</summary>
/// <param name="Conditions">The paths and the <see cref="ConfigNode.ValueKey"/>s that match.</param>
/// <param name="Written">The rule as written.</param>
internal sealed record ExcludeRule(IReadOnlyList<(string[] Path, HashSet<string> Values)> Conditions, ConfigObject Written)
{
    public bool Matches(ConfigObject resolved) =>
        Conditions.All(condition => resolved.Find(condition.Path) is { } value && condition.Values.Contains(value.ValueKey));
}
