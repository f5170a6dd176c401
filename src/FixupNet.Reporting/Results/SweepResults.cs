using System.Globalization;
using System.Text.Json;
using FixupNet.Runs;
using FixupNet.Runs.Records;

namespace FixupNet.Reporting.Results;

/// <summary>The results of a sweep at one moment, from which its table and its figures are made.</summary>
/// <param name="Keys">Keys of the grid that differ between trials, in the order of the grid; the seed is none of them.</param>
/// <param name="Groups">A group for each combination of the grid, ordered by the keys from left to right: numbers by value, other values
/// as the grid has them.</param>
internal sealed record SweepResults(IReadOnlyList<string> Keys, IReadOnlyList<SweepGroup> Groups)
{
    private const string SeedKey = "seed";
    private const string TaskSection = "task";

    /// <summary>The metrics of the trials.</summary>
    public MetricCatalog Metrics
    {
        get => field ??= new MetricCatalog(
            Groups.GroupBy(TaskKey).Select(groups => groups.SelectMany(group => group.Trials).FirstOrDefault(trial => File.Exists(trial.Directory.EnvironmentFile))?.Directory)
                .OfType<TrialDirectory>(),
            [.. Groups.SelectMany(group => group.Trials).Select(trial => trial.Summary).OfType<TrialSummary>()]);
        private init;
    }

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
        return Of(keys, [.. groups.Select(group => Group(sweep, group, keys))]);
    }

    /// <summary>Results with their groups in order.</summary>
    /// <param name="keys">The keys that differ.</param>
    /// <param name="groups">The groups; values that are not numbers keep the order they have here.</param>
    public static SweepResults Of(IReadOnlyList<string> keys, IReadOnlyList<SweepGroup> groups) => new(keys, Sort(groups, keys));

    /// <summary>Reads a run of its own as a sweep of one trial.</summary>
    /// <param name="run">The run's folder.</param>
    /// <param name="name">Its name.</param>
    /// <exception cref="InvalidDataException">The configuration or the result is damaged.</exception>
    public static SweepResults OfRun(TrialDirectory run, string name)
    {
        var config = File.Exists(run.ConfigFile) ? RunDocument.ReadFlat(run.ConfigFile) : [];
        var line = new PlanLine(0, name, name, long.TryParse(config.GetValueOrDefault(SeedKey), CultureInfo.InvariantCulture, out var seed) ? seed : 0, new Dictionary<string, JsonElement>());
        return new SweepResults([], [new SweepGroup(line.Overrides, [new SweepTrial(line, run, run.ReadSummary())])]);
    }

    /// <summary>The same results with a group for each trial, told apart by the seed too; trials of several sweeps by their sweep as well.</summary>
    public SweepResults ByTrial()
    {
        var hasOrigins = Groups.Any(group => group.Trials.Any(trial => trial.Origin is not null));
        string[] more = hasOrigins && !Keys.Contains(JointResults.SweepKey) ? [JointResults.SweepKey, SeedKey] : [SeedKey];
        return new SweepResults([.. Keys, .. more], [.. Groups.SelectMany(group => group.Trials.Select(trial => group with
        {
            Parameters = more.Aggregate(group.Parameters, (values, key) => values.Append(new(key, Identity(trial, key))).ToDictionary()),
            Trials = [trial],
        }))]) { Metrics = Metrics };
    }

    // Groups with the same key learned the same task: that of their sweep, or what its grid chose.
    private static string TaskKey(SweepGroup group) => string.Join('\n', group.Parameters
        .Where(pair => pair.Key.Split('.')[0] == TaskSection).Select(pair => $"{pair.Key}={ParameterValue.Text(pair.Value)}")
        .Append($"{group.Trials[0].Origin?.Number}"));

    private static JsonElement Identity(SweepTrial trial, string key) =>
        key == SeedKey ? JsonSerializer.SerializeToElement(trial.Plan.Seed) : JsonSerializer.SerializeToElement(trial.Origin?.Name ?? "");

    private static IEnumerable<KeyValuePair<string, JsonElement>> Parameters(PlanLine trial) =>
        trial.Overrides.Where(pair => pair.Key != SeedKey);

    private static string GroupKey(PlanLine trial) =>
        string.Join('\n', Parameters(trial).OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={ParameterValue.Text(pair.Value)}"));

    private static List<string> VaryingKeys(List<List<PlanLine>> groups) =>
    [
        .. groups.SelectMany(group => Parameters(group[0]).Select(pair => pair.Key)).Distinct()
            .Where(key => groups.Select(group => Text(group[0], key)).Distinct().Count() > 1),
    ];

    private static string? Text(PlanLine trial, string key) => trial.Overrides.TryGetValue(key, out var value) ? ParameterValue.Text(value) : null;

    private static SweepGroup Group(SweepDirectory sweep, List<PlanLine> trials, List<string> keys) => new(
        keys.Where(trials[0].Overrides.ContainsKey).ToDictionary(key => key, key => trials[0].Overrides[key]),
        [.. trials.Select(trial => new SweepTrial(trial, sweep.Trial(trial), sweep.Trial(trial).ReadSummary()))]);

    // Sorting is stable, so values that are not numbers keep the order of the grid, in which the plan has them.
    private static List<SweepGroup> Sort(IReadOnlyList<SweepGroup> groups, IReadOnlyList<string> keys)
    {
        var ranks = keys.ToDictionary(key => key, key => groups.Select(group => group.Raw(key)).Distinct().ToList());
        var sorted = groups.OrderBy(_ => 0);
        foreach (var key in keys)
            sorted = sorted.ThenBy(group => group.Number(key) ?? double.PositiveInfinity).ThenBy(group => ranks[key].IndexOf(group.Raw(key)));
        return [.. sorted];
    }
}
