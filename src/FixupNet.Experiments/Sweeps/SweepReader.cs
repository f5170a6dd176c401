using System.Text.Json;
using FixupNet.Experiments.Configuration;
using FixupNet.Experiments.Configuration.Nodes;

namespace FixupNet.Experiments.Sweeps;

/// <summary>Reads a sweep document and applies the command line to it.</summary>
internal sealed class SweepReader(TrainSchema train, ConfigErrors errors)
{
    private readonly GridRules _rules = new(train, errors);

    /// <summary>Reads the document.</summary>
    /// <param name="utf8">The bytes of its file.</param>
    /// <param name="file">The file: named in messages, and its base lies beside it.</param>
    /// <param name="arguments">The command line's changes.</param>
    /// <returns>The sweep without what is wrong in it, so that its trials can be checked all the same; null where nothing is left to check.</returns>
    /// <exception cref="IOException">The sweep's base cannot be read.</exception>
    public SweepConfig? Read(ReadOnlySpan<byte> utf8, string file, IEnumerable<string> arguments)
    {
        var overrides = ConfigOverride.Parse(arguments, allowLists: true, errors).Select(WithFullPaths).ToList();
        if (ConfigDocument.Parse(utf8, file, errors) is not { } document) return null;
        var shape = SweepShape.Of(train).ResolveMembers(document, "", errors);
        var trainBase = ReadBase(shape.Find("base"), file) is { } given ? train.Paths.Complete(given) : null;
        var grid = ReadGrid(shape.Find("grid") as ConfigObject);
        var exclude = ReadExclude(shape.Find("exclude") as ConfigArray);
        var seeds = ReadSeeds(shape.Find("seeds") as ConfigArray, document.Place);
        var studies = ReadStudies(shape.Find("studies") as ConfigArray);
        if (trainBase is null) return null;
        var (name, about) = (TextOf(shape, "name", "unnamed"), TextOf(shape, "about", ""));
        var sweep = new SweepConfig(name, about, WithStop(trainBase, shape, name), grid, seeds, exclude, studies);
        return new SweepOverrides(_rules, errors).Apply(sweep, overrides);
    }

    // What is wrong is told once, not again by every trial.
    private ConfigScalar TextOf(ConfigObject shape, string key, string instead) =>
        shape.Find(key) is ConfigScalar text && !IsWrong(key) ? text : ConfigScalar.String(shape.Place, instead);

    private IReadOnlyList<ConfigNode> ReadSeeds(ConfigArray? given, ConfigPlace place)
    {
        var seeds = _rules.Distinct(given?.Items ?? [], "seeds");
        if (given is { Items.Count: 0 }) errors.Add(place, "seeds", "is empty; must hold at least one seed.");
        return IsWrong("seeds") ? [ConfigScalar.Number(place, "1")] : seeds;
    }

    // Answers are told apart by the study's name.
    private IReadOnlyList<ConfigNode> ReadStudies(ConfigArray? given)
    {
        if (given is null || IsWrong("studies")) return [];
        foreach (var (index, study) in given.Items.Index())
        {
            if (given.Items.Take(index).Any(before => NameOf(before) == NameOf(study))) errors.Add(study.Place, $"studies[{index}]", $"is \"{NameOf(study)}\" once more; must be asked once, for a network keeps one answer of it.");
        }
        return given.Items;

        static string? NameOf(ConfigNode study) => (((ConfigObject)study).Find(ConfigObject.NameKey) as ConfigScalar)?.Text;
    }

    private bool IsWrong(string key) => errors.All.Any(error => error.Path == key || error.Path.StartsWith($"{key}[", StringComparison.Ordinal));

    private ConfigOverride WithFullPaths(ConfigOverride change) =>
        change with { Values = [.. change.Values.Select(value => train.Paths.Complete(change.Path, value))] };

    private KeyValuePair<string, ConfigNode> WithFullPaths(KeyValuePair<string, ConfigNode> member) =>
        new(member.Key, train.Paths.Complete(member.Key.Split('.'), member.Value));

    private ConfigObject? ReadBase(ConfigNode? node, string sweepFile)
    {
        if (node is not ConfigScalar { Kind: JsonValueKind.String } name) return node as ConfigObject;
        if (BaseFile.Resolve(sweepFile, name.Text, out var problem) is not { } file) return Refuse(name, $"is {name.Shown}; {problem}.");
        var given = ConfigDocument.Parse(ConfigDocument.ReadFile(file).Span, file, errors);
        // Its every key would be an unknown one of a trial.
        return given?.Find("base") is null ? given : Refuse(name, $"is {name.Shown}, which is a sweep; must be a train document. That sweep has a base of its own: name or copy it here.");
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
        foreach (var (key, value) in (shape.Find("stop") as ConfigObject)?.Members ?? []) trainBase = trainBase.With(["stop", key], value);
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
                var distinct = _rules.Distinct(array.Items, path);
                if (_rules.CheckKey(key, values.Place, path, axes)) axes.Add(new GridAxis(key, [.. distinct.Select(value => train.Paths.Complete(key.Split('.'), value))]));
            }
            else errors.Add(values.Place, path, $"is {values.Shown}; must be an array of at least one value.");
        }
        return axes;
    }

    private List<ExcludeRule> ReadExclude(ConfigArray? exclude)
    {
        var errorCount = errors.Count;
        var rules = new List<ExcludeRule>();
        foreach (var (index, item) in (exclude?.Items ?? []).Index())
        {
            var path = $"exclude[{index}]";
            if (item is ConfigObject { Members.Count: > 0 } written)
            {
                var rule = new ConfigObject(written.Place, [.. written.Members.Select(WithFullPaths)]);
                rules.Add(new ExcludeRule(path, [.. rule.Members.Select(member => Condition(member, path))], rule));
            }
            else errors.Add(item.Place, path, $"is {item.Shown}; must be an object of at least one key and its values.");
        }
        return errors.Count > errorCount ? [] : rules;
    }

    private ExcludeCondition Condition(KeyValuePair<string, ConfigNode> member, string path)
    {
        path = ConfigText.Join(path, member.Key);
        var place = member.Value.Place;
        if (!ConfigOverride.IsKey(member.Key)) errors.Add(place, path, "is not a key; write keys joined by dots: model.depth.");
        else if (train.ProblemOfKey(member.Key) is { } problem) errors.Add(place, path, problem);
        if (member.Value is ConfigArray { Items.Count: 0 }) errors.Add(place, path, "is an empty array; it would exclude nothing.");
        return new ExcludeCondition(member.Key, member.Value is ConfigArray array ? array.Items : [member.Value]);
    }
}
