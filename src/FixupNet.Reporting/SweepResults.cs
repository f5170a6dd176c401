using System.Text.Json;
using FixupNet.Runs;
using FixupNet.Runs.Records;

namespace FixupNet.Reporting;

/// <summary>The results of a sweep at one moment, from which its table and its figures are made.</summary>
/// <param name="Keys">Keys of the grid that differ between trials, in the order of the grid; the seed is none of them.</param>
/// <param name="Groups">A group for each combination of the grid, ordered by the keys from left to right: numbers by value, other values
/// as the grid has them.</param>
internal sealed record SweepResults(IReadOnlyList<string> Keys, IReadOnlyList<SweepGroup> Groups)
{
    private const string SeedKey = "seed";

    /// <summary>Reads a sweep's plan and the results there are so far.</summary>
    /// <param name="sweepDirectory">The sweep's folder.</param>
    /// <exception cref="FileNotFoundException">The folder holds no plan.</exception>
    /// <exception cref="InvalidDataException">The plan or a result is damaged.</exception>
    public static SweepResults Read(string sweepDirectory)
    {
        var sweep = new SweepDirectory(sweepDirectory);
        var plan = sweep.ReadPlan();
        var groups = plan.GroupBy(GroupKey).Select(group => group.ToList()).ToList();
        var keys = VaryingKeys(groups);
        return new SweepResults(keys, Sort([.. groups.Select(group => Group(sweep, group, keys))], keys));
    }

    private static IEnumerable<KeyValuePair<string, JsonElement>> Parameters(PlanLine trial) =>
        trial.Overrides.Where(pair => pair.Key != SeedKey);

    private static string GroupKey(PlanLine trial) =>
        JsonSerializer.Serialize(Parameters(trial).OrderBy(pair => pair.Key, StringComparer.Ordinal).ToDictionary(), RunJson.Compact);

    private static List<string> VaryingKeys(List<List<PlanLine>> groups) =>
    [
        .. groups.SelectMany(group => Parameters(group[0]).Select(pair => pair.Key)).Distinct()
            .Where(key => groups.Select(group => Text(group[0], key)).Distinct().Count() > 1),
    ];

    private static string? Text(PlanLine trial, string key) => trial.Overrides.TryGetValue(key, out var value) ? value.GetRawText() : null;

    private static SweepGroup Group(SweepDirectory sweep, List<PlanLine> trials, List<string> keys) => new(
        keys.Where(trials[0].Overrides.ContainsKey).ToDictionary(key => key, key => trials[0].Overrides[key]),
        [.. trials.Select(trial => new SweepTrial(trial, sweep.Trial(trial), sweep.Trial(trial).ReadSummary()))]);

    // Sorting is stable, so values that are not numbers keep the order of the grid, in which the plan has them.
    private static List<SweepGroup> Sort(List<SweepGroup> groups, List<string> keys)
    {
        var ranks = keys.ToDictionary(key => key, key => groups.Select(group => group.Raw(key)).Distinct().ToList());
        var sorted = groups.OrderBy(_ => 0);
        foreach (var key in keys)
            sorted = sorted.ThenBy(group => group.Number(key) ?? double.PositiveInfinity).ThenBy(group => ranks[key].IndexOf(group.Raw(key)));
        return [.. sorted];
    }
}
