using FixupNet.Experiments.Configuration.Nodes;

namespace FixupNet.Experiments.Sweeps;

/// <summary>A sweep document with its base read and the command line applied; its trials are not checked yet.</summary>
/// <param name="Name">The sweep's name.</param>
/// <param name="About">One line for people.</param>
/// <param name="Base">The train document every trial starts from; without defaults, so that a grid may change names.</param>
/// <param name="Grid">The axes in written order, the first changing slowest.</param>
/// <param name="Seeds">The seeds of each point of the grid.</param>
/// <param name="Exclude">Trials left out.</param>
/// <param name="Studies">What is asked of each network and of the sweep, resolved.</param>
internal sealed record SweepConfig(
    ConfigScalar Name,
    ConfigScalar About,
    ConfigObject Base,
    IReadOnlyList<GridAxis> Grid,
    IReadOnlyList<ConfigNode> Seeds,
    IReadOnlyList<ExcludeRule> Exclude,
    IReadOnlyList<ConfigNode> Studies)
{
    /// <summary>The document in one piece: reading it plans the same trials.</summary>
    public ConfigObject ToDocument()
    {
        var place = Base.Place;
        return new ConfigObject(place,
        [
            new("$schema", ConfigScalar.String(place, "schemas/sweep.v1.json")),
            new("name", Name),
            new("about", About),
            new("base", Base),
            new("grid", new ConfigObject(place, [.. Grid.Select(axis => new KeyValuePair<string, ConfigNode>(axis.Key, ValuesOf(axis)))])),
            new("seeds", new ConfigArray(place, Seeds)),
            new("exclude", new ConfigArray(place, [.. Exclude.Select(rule => rule.Written)])),
            .. Studies.Count == 0 ? [] : (KeyValuePair<string, ConfigNode>[])[new("studies", new ConfigArray(place, Studies))],
        ]);
    }

    private static ConfigArray ValuesOf(GridAxis axis) => new(axis.Values[0].Place, axis.Values);
}
