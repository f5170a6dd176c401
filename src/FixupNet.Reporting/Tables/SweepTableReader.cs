using FixupNet.Reporting.Results;
using FixupNet.Reporting.Statistics;
using FixupNet.Runs.Metrics;
using FixupNet.Runs.Records;

namespace FixupNet.Reporting.Tables;

/// <summary>Reads the table of a sweep from its directory, also while the sweep runs.</summary>
public static class SweepTableReader
{
    /// <summary>Reads a sweep's plan and the results there are so far.</summary>
    /// <param name="sweepDirectory">The sweep's folder.</param>
    /// <exception cref="FileNotFoundException">The folder holds no plan.</exception>
    /// <exception cref="InvalidDataException">The plan or a result is damaged.</exception>
    public static SweepTable Read(string sweepDirectory) => TableOf(SweepResults.Read(sweepDirectory));

    /// <summary>Reads the results there are so far of several sweeps or runs as one table.</summary>
    /// <param name="directories">Their folders.</param>
    /// <param name="grouping">How equal configurations are shown that several of them hold.</param>
    /// <exception cref="FileNotFoundException">A folder holds neither a sweep nor a run.</exception>
    /// <exception cref="InvalidDataException">A plan or a result is damaged.</exception>
    public static SweepTable Read(IReadOnlyList<string> directories, JointGrouping grouping) =>
        TableOf(JointResults.Read([.. directories.Select(ReportSource.Of)], grouping).Results);

    /// <summary>The table of results already read.</summary>
    internal static SweepTable TableOf(SweepResults results) => new(results.Keys, [.. results.Groups.Select(group => Row(group, results.Metrics.Results))])
    {
        Metrics = results.Metrics.Results,
    };

    private static SweepTableRow Row(SweepGroup group, IReadOnlyList<Metric> metrics)
    {
        var ended = group.Trials.Select(trial => trial.Summary).OfType<TrialSummary>().ToList();
        var states = group.Trials.CountBy(trial => trial.Summary?.State ?? trial.Directory.ReadState());
        var counting = group.Counting().Select(trial => trial.Summary).OfType<TrialSummary>().ToList();
        var norms = ended.Select(summary => summary.GradientNorms).OfType<GradientNormsSummary>().ToList();
        return new SweepTableRow(
            group.Parameters,
            group.Trials.Count,
            states.OrderBy(count => count.Key).ToDictionary(),
            ended.Select(summary => summary.Divergence).OfType<DivergenceRecord>().MinBy(divergence => divergence.Step),
            ended.Count(summary => summary is { State: TrialState.Completed, GradientNorms.DeadSinceStep: not null }),
            Tests(metrics, [.. counting.Select(summary => summary.Test).OfType<MetricValues>()]),
            Mean(counting.Count > 0 ? counting : ended, summary => summary.Train?.Loss),
            Sample.Median([.. norms.Select(norm => norm.FirstLayerNorm)]),
            Sample.Median([.. norms.Select(norm => norm.LastLayerNorm)]),
            Mean(ended, summary => summary.ElapsedSeconds),
            Mean(ended, summary => summary.ImagesPerSecond),
            ended.Max(summary => summary.PeakMemoryBytes),
            Mean(ended, summary => summary.ExamplesPerSecond),
            Mean(ended, summary => summary.WaitedShare));
    }

    private static Dictionary<string, MetricStatistics> Tests(IReadOnlyList<Metric> metrics, IReadOnlyList<MetricValues> tests)
    {
        var statistics = new Dictionary<string, MetricStatistics>();
        foreach (var metric in metrics)
        {
            double[] values = [.. tests.Select(test => test[metric.Name]).OfType<double>()];
            if (Sample.Mean(values) is { } mean) statistics[metric.Name] = new MetricStatistics(mean, Sample.StandardDeviation(values), values.Length);
        }
        return statistics;
    }

    private static double? Mean(List<TrialSummary> summaries, Func<TrialSummary, double?> value) =>
        Sample.Mean([.. summaries.Select(value).OfType<double>()]);
}
