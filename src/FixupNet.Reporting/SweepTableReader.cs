using System.Text.Json;
using FixupNet.Runs;
using FixupNet.Runs.Records;

namespace FixupNet.Reporting;

/// <summary>Reads the table of a sweep from its directory, also while the sweep runs.</summary>
public static class SweepTableReader
{
    private const string SeedKey = "seed";

    /// <summary>Reads a sweep's plan and the results there are so far.</summary>
    /// <param name="sweepDirectory">The sweep's folder.</param>
    /// <exception cref="FileNotFoundException">The folder holds no plan.</exception>
    /// <exception cref="InvalidDataException">The plan or a result is damaged.</exception>
    public static SweepTable Read(string sweepDirectory)
    {
        var sweep = new SweepDirectory(sweepDirectory);
        var plan = sweep.ReadPlan();
        var groups = plan.GroupBy(GroupKey).Select(group => group.ToList()).ToList();
        var keys = VaryingKeys(groups);
        var rows = groups.Select(group => Row(sweep, group, keys));
        return new SweepTable(keys, Sort([.. rows], keys));
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

    private static SweepTableRow Row(SweepDirectory sweep, List<PlanLine> trials, List<string> keys)
    {
        var results = trials.Select(trial => sweep.Trial(trial)).Select(trial => (Summary: trial.ReadSummary(), Trial: trial)).ToList();
        var ended = results.Select(result => result.Summary).OfType<TrialSummary>().ToList();
        var states = results.CountBy(result => result.Summary?.State ?? result.Trial.ReadState());
        var counting = Counting(ended);
        var norms = ended.Select(summary => summary.GradientNorms).OfType<GradientNormsSummary>().ToList();
        return new SweepTableRow(
            keys.Where(trials[0].Overrides.ContainsKey).ToDictionary(key => key, key => trials[0].Overrides[key]),
            trials.Count,
            states.OrderBy(count => count.Key).ToDictionary(),
            ended.Select(summary => summary.Divergence).OfType<DivergenceRecord>().MinBy(divergence => divergence.Step),
            Accuracy([.. counting.Select(summary => summary.Test).OfType<SplitResult>().Select(test => test.Accuracy)]),
            Mean(counting.Count > 0 ? counting : ended, summary => summary.Train?.Loss),
            Statistics.Median([.. norms.Select(norm => norm.FirstLayerNorm)]),
            Statistics.Median([.. norms.Select(norm => norm.LastLayerNorm)]),
            Mean(ended, summary => summary.ElapsedSeconds),
            Mean(ended, summary => summary.ImagesPerSecond),
            ended.Max(summary => summary.PeakMemoryBytes));
    }

    private static List<TrialSummary> Counting(List<TrialSummary> ended)
    {
        var completed = ended.Where(summary => summary.State == TrialState.Completed).ToList();
        return completed.Count > 0 ? completed : [.. ended.Where(summary => summary.State == TrialState.Stopped)];
    }

    private static AccuracyStatistics? Accuracy(double[] accuracies) => Statistics.Mean(accuracies) is { } mean
        ? new AccuracyStatistics(mean, Statistics.SampleDeviation(accuracies), accuracies.Length)
        : null;

    private static double? Mean(List<TrialSummary> summaries, Func<TrialSummary, double?> value) =>
        Statistics.Mean([.. summaries.Select(value).OfType<double>()]);

    // Sorting is stable, so values that are not numbers keep the order of the grid, in which the plan has them.
    private static List<SweepTableRow> Sort(List<SweepTableRow> rows, List<string> keys)
    {
        var ranks = keys.ToDictionary(key => key, key => rows.Select(row => Raw(row, key)).Distinct().ToList());
        var sorted = rows.OrderBy(_ => 0);
        foreach (var key in keys)
            sorted = sorted.ThenBy(row => Number(row, key) ?? double.PositiveInfinity).ThenBy(row => ranks[key].IndexOf(Raw(row, key)));
        return [.. sorted];
    }

    private static string? Raw(SweepTableRow row, string key) => row.Parameters.TryGetValue(key, out var value) ? value.GetRawText() : null;

    private static double? Number(SweepTableRow row, string key) =>
        row.Parameters.TryGetValue(key, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;
}
