using FixupNet.Reporting.Results;
using FixupNet.Runs.Metrics;
using FixupNet.Runs.Records;

namespace FixupNet.Reporting.Comparisons;

/// <summary>One number of a trial's result that can be compared.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsShare">Whether it is a fraction, which people read in percent.</param>
/// <param name="Of">Its value; null where the trial has none.</param>
/// <param name="Caution">What a reader must know, or null.</param>
public sealed record ComparisonMetric(string Name, bool IsShare, Func<TrialSummary, double?> Of, string? Caution = null)
{
    /// <summary>What can be compared of image classification; the first is the usual one.</summary>
    public static IReadOnlyList<ComparisonMetric> All { get; } = Among(new MetricCatalog([], []));

    /// <summary>What can be compared of the results of some sweeps: every metric that they have; the first is the usual one.</summary>
    /// <param name="selections">The sides of the comparison.</param>
    /// <exception cref="FileNotFoundException">A folder holds no plan.</exception>
    /// <exception cref="InvalidDataException">A plan or a result is damaged.</exception>
    public static IReadOnlyList<ComparisonMetric> In(IReadOnlyList<ComparisonSelection> selections) =>
        [.. selections.SelectMany(selection => Among(SweepResults.Read(selection.SweepDirectory).Metrics)).DistinctBy(metric => metric.Name)];

    /// <summary>What can be compared of some results.</summary>
    /// <param name="catalog">Their metrics.</param>
    internal static IReadOnlyList<ComparisonMetric> Among(MetricCatalog catalog)
    {
        List<Metric> metrics = [.. catalog.Results.Concat(catalog.All).DistinctBy(metric => metric.Name)];
        return
        [
            .. metrics.Select(metric => new ComparisonMetric(Named("test", metric), metric.IsShare, summary => summary.Test?[metric.Name])),
            .. metrics.Where(metric => catalog.Tasks.Any(task => task.BestBy == metric.Name)).Select(metric => new ComparisonMetric(
                Named("best-test", metric), metric.IsShare, summary => summary.Best is { } best && best.Metric == metric.Name ? best.Value : null,
                $"{Named("best-test", metric)} chose its epoch by the test set, which flatters both sides; {Named("test", metric)} is of the last epoch.")),
            .. metrics.Select(metric => new ComparisonMetric(Named("train", metric), metric.IsShare, summary => summary.Train?[metric.Name])),
            new("seconds", false, summary => summary.ElapsedSeconds),
            new("images-per-second", false, summary => summary.ImagesPerSecond),
            new("examples-per-second", false, summary => summary.Speed),
            new("waited-share", true, summary => summary.WaitedShare),
            new("peak-memory-bytes", false, summary => summary.PeakMemoryBytes),
        ];
    }

    private static string Named(string split, Metric metric) => $"{split}-{Metric.Words(metric.Name, '-')}";
}
