using FixupNet.Experiments.Configuration.Nodes;

namespace FixupNet.Experiments.Sweeps;

/// <summary>One key of a grid.</summary>
/// <param name="Key">The keys down to the value, joined by dots.</param>
/// <param name="Values">The values it takes, at least one, in written order.</param>
internal sealed record GridAxis(string Key, IReadOnlyList<ConfigNode> Values)
{
    public string[] Path { get; } = Key.Split('.');

    /// <summary>Whether setting one key would replace what the other sets.</summary>
    public bool Overlaps(string key) => Overlap(Key, key);

    /// <summary>Whether one of two keys is, or holds, the other.</summary>
    public static bool Overlap(string key, string other) =>
        $"{key}.".StartsWith($"{other}.", StringComparison.Ordinal) || $"{other}.".StartsWith($"{key}.", StringComparison.Ordinal);
}
