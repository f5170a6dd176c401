using System.Text.Json;
using FixupNet.Experiments.Configuration;

namespace FixupNet.Experiments.Sweeps;

/// <summary>Reads a sweep document and applies the command line to it.</summary>
internal sealed class SweepReader(TrainSchema train, ConfigErrors errors)
{
    private readonly GridRules _rules = new(train, errors);

    /// <summary>Reads the document.</summary>
    /// <param name="utf8">The bytes of its file.</param>
    /// <param name="file">The file: named in messages, and its base lies beside it.</param>
    /// <param name="arguments">The command line's changes.</param>
    /// <returns>The sweep, or null where errors were added that leave nothing to plan.</returns>
    /// <exception cref="IOException">The sweep's base cannot be read.</exception>
    public SweepConfig? Read(ReadOnlySpan<byte> utf8, string file, IEnumerable<string> arguments)
    {
        var overrides = ConfigOverride.Parse(arguments, allowLists: true, errors);
        if (ConfigDocument.Parse(utf8, file, errors) is not { } document) return null;
        var shape = SweepShape.Of(train).ResolveMembers(document, "", errors);
        var trainBase = ReadBase(shape.Find("base"), file);
        var grid = ReadGrid(shape.Find("grid") as ConfigObject);
        var exclude = ReadExclude(shape.Find("exclude") as ConfigArray);
        var seeds = _rules.Distinct((shape.Find("seeds") as ConfigArray)?.Items ?? [], "seeds");
        if (seeds.Count == 0) errors.Add(document.Place, "seeds", "is empty; must hold at least one seed.");
        if (errors.Count > 0 || trainBase is null || shape.Find("name") is not ConfigScalar name) return null;
        var sweep = new SweepConfig(name, (ConfigScalar)shape.Find("about")!, WithStop(trainBase, shape, name), grid, seeds, exclude);
        sweep = new SweepOverrides(_rules, errors).Apply(sweep, overrides);
        return errors.Count > 0 ? null : sweep;
    }

    private ConfigObject? ReadBase(ConfigNode? node, string sweepFile)
    {
        if (node is not ConfigScalar { Kind: JsonValueKind.String } name) return node as ConfigObject;
        return BaseFile.Resolve(sweepFile, name.Text, out var problem) is { } file
            ? ConfigDocument.Read(file, errors)
            : Refuse(name, $"is {name.Shown}; {problem}.");
    }

    private ConfigObject? Refuse(ConfigNode node, string message)
    {
        errors.Add(node.Place, "base", message);
        return null;
    }

    // The sweep's rules win member by member; the name is the sweep's where the base has none.
    private static ConfigObject WithStop(ConfigObject trainBase, ConfigObject shape, ConfigScalar name)
    {
        if (trainBase.Find("name") is null) trainBase = trainBase.With(["name"], name);
        foreach (var (key, value) in ((ConfigObject)shape.Find("stop")!).Members) trainBase = trainBase.With(["stop", key], value);
        return trainBase;
    }

    private List<GridAxis> ReadGrid(ConfigObject? grid)
    {
        var axes = new List<GridAxis>();
        foreach (var (key, values) in grid?.Members ?? [])
        {
            var path = ConfigText.Join("grid", key);
            if (values is ConfigArray { Items.Count: > 0 } array)
            {
                _rules.CheckKey(key, values.Place, path, axes);
                axes.Add(new GridAxis(key, _rules.Distinct(array.Items, path)));
            }
            else errors.Add(values.Place, path, $"is {values.Shown}; must be an array of at least one value.");
        }
        return axes;
    }

    private List<ExcludeRule> ReadExclude(ConfigArray? exclude)
    {
        var rules = new List<ExcludeRule>();
        foreach (var (index, item) in (exclude?.Items ?? []).Index())
        {
            if (item is ConfigObject { Members.Count: > 0 } rule)
                rules.Add(new ExcludeRule([.. rule.Members.Select(member => Condition(member, $"exclude:{index}"))], rule));
            else
                errors.Add(item.Place, $"exclude:{index}", $"is {item.Shown}; must be an object of at least one key and its values.");
        }
        return rules;
    }

    private (string[] Path, HashSet<string> Values) Condition(KeyValuePair<string, ConfigNode> member, string path)
    {
        path = ConfigText.Join(path, member.Key);
        var place = member.Value.Place;
        if (!ConfigOverride.IsKey(member.Key)) errors.Add(place, path, "is not a key; write keys joined by dots: model.depth.");
        else if (train.ProblemOfKey(member.Key) is { } problem) errors.Add(place, path, problem);
        if (member.Value is ConfigArray { Items.Count: 0 }) errors.Add(place, path, "is an empty array; it would exclude nothing.");
        IReadOnlyList<ConfigNode> values = member.Value is ConfigArray array ? array.Items : [member.Value];
        return (member.Key.Split('.'), [.. values.Select(value => value.ValueKey)]);
    }
}
