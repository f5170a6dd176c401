namespace FixupNet.Reporting.Figures;

/// <summary>What depth costs: time and memory of the trials whose accuracy counts too.</summary>
internal static class CostFigures
{
    private static readonly DepthChart Time = new(
        "time-against-depth", "Training time against depth", new ChartAxis("wall time of a trial (s)", AxisScale.Logarithmic),
        trial => trial.Summary?.ElapsedSeconds);

    private static readonly DepthChart Memory = new(
        "memory-against-depth", "Peak memory against depth", new ChartAxis("peak memory (MiB)", AxisScale.Logarithmic),
        trial => trial.Summary?.PeakMemoryBytes / (1024.0 * 1024));

    /// <summary>Makes the figures that have values.</summary>
    public static IReadOnlyList<Figure> Of(IReadOnlyList<SweepSeries> allSeries) =>
        [.. new[] { Time, Memory }.Select(figure => figure.Of(allSeries, group => group.Counting())).OfType<Figure>()];
}
