using FixupNet.Experiments.Configuration;

namespace FixupNet.Experiments.Sweeps;

/// <summary>One key of a grid.</summary>
/// <param name="Key">The keys down to the value, joined by dots.</param>
/// <param name="Values">The values it takes, at least one, in written order.</param>
internal sealed record GridAxis(string Key, IReadOnlyList<ConfigNode> Values)
{
    public string[] Path { get; } = Key.Split('.');

    /// <summary>Whether setting one key would replace what the other sets.</summary>
    public bool Overlaps(string key) =>
        $"{key}.".StartsWith($"{Key}.", StringComparison.Ordinal) || $"{Key}.".StartsWith($"{key}.", StringComparison.Ordinal);
}
