using System.Text.Json;
using FixupNet.Runs.Records;

namespace FixupNet.Reporting.Results;

/// <summary>The results of several sweeps and runs as those of one sweep.</summary>
/// <param name="Results">The results; a group for each configuration, or for each configuration of each sweep.</param>
/// <param name="Names">Names of the sweeps, in their order; each once.</param>
/// <param name="IsApart">Whether equal configurations of different sweeps are groups of their own, told apart by the key "sweep".</param>
/// <param name="RepeatedCount">Configurations with seeds that more than one sweep trained.</param>
/// <param name="LeftOut">Trials that are not counted, for another one of the same configuration and seed is.</param>
internal sealed record JointResults(
    SweepResults Results, IReadOnlyList<string> Names, bool IsApart, int RepeatedCount, IReadOnlyList<SweepTrial> LeftOut)
{
    /// <summary>The key that tells sweeps apart.</summary>
    public const string SweepKey = "sweep";

    /// <summary>Reads the results there are so far.</summary>
    /// <param name="sources">The sweeps and runs.</param>
    /// <param name="grouping">How equal configurations are shown.</param>
    /// <exception cref="InvalidDataException">A plan, a result or a configuration is damaged.</exception>
    public static JointResults Read(IReadOnlyList<ReportSource> sources, JointGrouping grouping)
    {
        var names = NamesOf([.. sources.Select(source => source.Root)]);
        List<JointTrial> trials =
        [
            .. sources.SelectMany((source, number) => source.Read().Groups.SelectMany(group => group.Trials).OrderBy(trial => trial.Plan.Index)
                .Select(trial => JointTrial.Read(trial with { Origin = new TrialOrigin(number, names[number]) }))),
        ];
        var keys = JointKeys.Of(trials);
        var repeated = trials.GroupBy(trial => (JointKeys.TextOf(trial, keys), trial.Seed)).Count(same => JointTrial.RunCount([.. same]) > 1);
        var isApart = grouping == JointGrouping.Apart || (grouping == JointGrouping.Auto && repeated > 0);
        var groups = trials.GroupBy(trial => isApart ? $"{JointKeys.TextOf(trial, keys)}\n{trial.Origin.Number}" : JointKeys.TextOf(trial, keys)).ToList();
        var leftOut = new List<SweepTrial>();
        List<SweepGroup> made = [.. groups.Select(group => GroupOf([.. group], keys, isApart, leftOut))];
        return new JointResults(SweepResults.Of(isApart ? [.. keys, SweepKey] : keys, made), names, isApart, repeated, leftOut);
    }

    private static SweepGroup GroupOf(IReadOnlyList<JointTrial> trials, IReadOnlyList<string> keys, bool isApart, List<SweepTrial> leftOut)
    {
        var parameters = keys.Select(key => (key, Value: trials[0].Value(key))).Where(pair => pair.Value is not null).ToDictionary(pair => pair.key, pair => pair.Value!.Value);
        if (isApart) parameters[SweepKey] = JsonSerializer.SerializeToElement(trials[0].Origin.Name);
        var counted = new List<SweepTrial>();
        foreach (var same in trials.GroupBy(trial => trial.Seed))
        {
            // The one that has come furthest; of equals that of the sweep named first.
            var best = isApart ? [.. same] : same.OrderBy(trial => trial.Rank).Take(1).ToList();
            counted.AddRange(best.Select(trial => trial.Trial with { Plan = trial.Trial.Plan with { Overrides = parameters } }));
            leftOut.AddRange(same.Except(best).Select(trial => trial.Trial));
        }
        return new SweepGroup(parameters, counted);
    }

    /// <summary>Names of folders: folders of one name in different places are told apart by as much of their paths as that takes.</summary>
    /// <param name="directories">The folders.</param>
    public static IReadOnlyList<string> NamesOf(IReadOnlyList<string> directories)
    {
        string[][] paths = [.. directories.Select(directory => Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory)).Split(Path.DirectorySeparatorChar))];
        for (var parts = 1; ; parts++)
        {
            string[] names = [.. paths.Select(path => string.Join('/', path.TakeLast(parts)))];
            if (names.Distinct().Count() == names.Length || parts > paths.Max(path => path.Length)) return names;
        }
    }
}
