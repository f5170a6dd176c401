using System.Text.Json;
using FixupNet.Reporting.Results;

namespace FixupNet.Reporting.Comparisons;

/// <summary>The groups of a sweep that a selection means.</summary>
internal sealed class SelectedGroups
{
    private const string SeedKey = "seed";

    private SelectedGroups(ComparisonSelection selection, IReadOnlyList<SweepGroup> groups) => (Selection, Groups) = (selection, groups);

    /// <summary>What the user chose.</summary>
    public ComparisonSelection Selection { get; }

    /// <summary>How the user named them.</summary>
    public string Text => Selection.Text;

    /// <summary>The keys by which the user chose them.</summary>
    public IEnumerable<string> ChosenKeys => Selection.Values.Keys;

    /// <summary>The groups, in the order of the sweep's table.</summary>
    public IReadOnlyList<SweepGroup> Groups { get; }

    /// <summary>Reads the sweep.</summary>
    /// <exception cref="ComparisonException">A key or value of the selection does not occur.</exception>
    public static SelectedGroups Read(ComparisonSelection selection)
    {
        IReadOnlyList<SweepGroup> groups = SweepResults.Read(selection.SweepDirectory).Groups;
        foreach (var (key, value) in selection.Values)
        {
            List<string> keys = [.. groups.SelectMany(Values).Select(pair => pair.Key).Distinct()];
            if (!keys.Contains(key)) throw new ComparisonException($"{selection.SweepDirectory}: the key", key, keys);
            var left = groups.Where(group => Overrides(group).TryGetValue(key, out var element) && ParameterValue.Is(element, value)).ToList();
            if (left.Count == 0)
                throw new ComparisonException($"{selection.SweepDirectory}: {key} =", value, [.. groups.Select(group => ValueOf(group, key) ?? "none").Distinct()]);
            groups = left;
        }
        return new SelectedGroups(selection, groups);
    }

    /// <summary>Groups that are read already.</summary>
    /// <param name="name">How the reader knows them.</param>
    /// <param name="groups">The groups.</param>
    public static SelectedGroups Of(string name, IReadOnlyList<SweepGroup> groups) =>
        new(new ComparisonSelection(name, name, new Dictionary<string, string>()), groups);

    /// <summary>Keys of the grid, but for the seed, that have more than one value in these groups.</summary>
    public IEnumerable<string> VaryingKeys() =>
        Keys().Where(key => Groups.Select(group => ValueOf(group, key)).Distinct().Count() > 1);

    /// <summary>Keys of the grid, but for the seed.</summary>
    public IEnumerable<string> Keys() => Groups.SelectMany(Values).Select(pair => pair.Key).Distinct();

    /// <summary>The groups by their values of some keys.</summary>
    /// <exception cref="ComparisonException">Two groups have the same values: they differ in other keys.</exception>
    public IReadOnlyDictionary<string, SweepGroup> By(IReadOnlyList<string> keys)
    {
        var cells = Groups.GroupBy(group => CellOf(group, keys)).ToList();
        if (cells.FirstOrDefault(cell => cell.Count() > 1) is not { } ambiguous) return cells.ToDictionary(cell => cell.Key, cell => cell.Single());
        var others = VaryingKeys().Where(key => !keys.Contains(key)).ToList();
        throw new ComparisonException(
            $"{Text} means {ambiguous.Count()} groups{(ambiguous.Key.Length > 0 ? $" at {ambiguous.Key}" : "")}, which differ in "
            + $"{string.Join(", ", others)}: choose one, as in {Selection.SweepDirectory}:{others[0]}={ValueOf(ambiguous.First(), others[0])}, or add --by {others[0]}.");
    }

    /// <summary>A group's values of some keys: "model.depth=20, model.width=16".</summary>
    public static string CellOf(SweepGroup group, IReadOnlyList<string> keys) =>
        string.Join(", ", keys.Select(key => $"{key}={ValueOf(group, key) ?? "none"}"));

    /// <summary>A group's values of some keys.</summary>
    public static IReadOnlyDictionary<string, JsonElement> Parameters(SweepGroup group, IReadOnlyList<string> keys) =>
        Values(group).Where(pair => keys.Contains(pair.Key)).ToDictionary(pair => pair.Key, pair => pair.Value);

    // Of the plan, which also has the keys with one value only.
    private static IEnumerable<KeyValuePair<string, JsonElement>> Values(SweepGroup group) =>
        Overrides(group).Where(pair => pair.Key != SeedKey);

    private static string? ValueOf(SweepGroup group, string key) =>
        Overrides(group).TryGetValue(key, out var value) ? ParameterValue.Shown(value) : null;

    private static IReadOnlyDictionary<string, JsonElement> Overrides(SweepGroup group) => group.Trials[0].Plan.Overrides;
}
