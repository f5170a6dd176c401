using FixupNet.Experiments.Configuration.Nodes;

namespace FixupNet.Experiments.Sweeps;

/// <summary>Leaves out the trials that have, for every key, one of its values.</summary>
/// <param name="Path">The rule as messages name it: "exclude[0]".</param>
/// <param name="Conditions">The keys and their values, as the members of <paramref name="Written"/>.</param>
/// <param name="Written">The rule as written, its paths full.</param>
/// <param name="MustMatch">Whether it is an error when it leaves nothing out; not where the command line changed what it speaks of.</param>
internal sealed record ExcludeRule(string Path, IReadOnlyList<ExcludeCondition> Conditions, ConfigObject Written, bool MustMatch = true);

/// <summary>One key of a rule.</summary>
/// <param name="Key">The keys down to the value, joined by dots.</param>
/// <param name="Values">The values that match.</param>
internal sealed record ExcludeCondition(string Key, IReadOnlyList<ConfigNode> Values)
{
    private readonly HashSet<string> _keys = [.. Values.Select(value => value.ValueKey)];

    public string[] Path { get; } = Key.Split('.');

    /// <summary>Whether a value, by its <see cref="ConfigNode.ValueKey"/>, is one of those that match.</summary>
    public bool Has(string valueKey) => _keys.Contains(valueKey);
}
