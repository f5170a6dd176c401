using FixupNet.Experiments.Configuration;
using FixupNet.Experiments.Configuration.Nodes;
using FixupNet.Experiments.Configuration.Schema;

namespace FixupNet.Experiments.Sweeps;

/// <summary>What the axes of a grid must obey, in a file or on the command line.</summary>
internal sealed class GridRules(TrainSchema train, ConfigErrors errors)
{
    private readonly ValueSchema _seeds = SweepShape.Of(train).Children("seeds").Single();

    /// <summary>Whether a key can be an axis; else an error is added.</summary>
    public bool CheckKey(string key, ConfigPlace place, string path, IEnumerable<GridAxis> others)
    {
        var errorCount = errors.Count;
        if (key == "seed") errors.Add(place, path, "does not belong here; list the values under \"seeds\".");
        else if (!ConfigOverride.IsKey(key)) errors.Add(place, path, "is not a key; write keys joined by dots: model.depth.");
        else if (train.ProblemOfKey(key) is { } problem) errors.Add(place, path, problem);
        else if (others.FirstOrDefault(axis => axis.Overlaps(key)) is { } other)
            errors.Add(place, path, $"overlaps {ConfigText.Show(other.Key)}; one would replace what the other sets.");
        return errors.Count == errorCount;
    }

    /// <summary>The values without repeats, which are errors: a trial would run twice.</summary>
    public IReadOnlyList<ConfigNode> Distinct(IReadOnlyList<ConfigNode> values, string path)
    {
        var seen = new HashSet<string>();
        foreach (var value in values)
        {
            if (!seen.Add(value.ValueKey)) errors.Add(value.Place, path, $"holds {value.Shown} twice.");
        }
        return seen.Count == values.Count ? values : [.. values.DistinctBy(value => value.ValueKey)];
    }

    public IReadOnlyList<ConfigNode> Seeds(IReadOnlyList<ConfigNode> values)
    {
        var errorCount = errors.Count;
        var given = values is [ConfigArray array] ? array : new ConfigArray(ConfigPlace.CommandLine, values);
        var seeds = ((ConfigArray)_seeds.Resolve(given, "seeds", errors)).Items;
        if (seeds.Count == 0) errors.Add(given.Place, "seeds", "is empty; must hold at least one seed.");
        return errors.Count > errorCount ? [ConfigScalar.Number(given.Place, "1")] : Distinct(seeds, "seeds");
    }
}
