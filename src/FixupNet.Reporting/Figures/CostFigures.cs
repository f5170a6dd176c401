namespace FixupNet.Reporting.Figures;

/// <summary>What trials cost over the axis of the sweep: time and memory of those whose results count too.</summary>
internal static class CostFigures
{
    private static readonly AxisFigure Time = new(
        "time", "Training time", new ChartAxis("wall time of a trial (s)", AxisScale.Logarithmic), (_, trial) => trial.Summary?.ElapsedSeconds);

    private static readonly AxisFigure Memory = new(
        "memory", "Peak memory", new ChartAxis("peak memory (MiB)", AxisScale.Logarithmic), (_, trial) => trial.Summary?.PeakMemoryBytes / (1024.0 * 1024));

    /// <summary>Makes the figures that have values.</summary>
    public static IReadOnlyList<Figure> Of(SweepAxis axis, IReadOnlyList<SweepSeries> allSeries) =>
        [.. new[] { Time, Memory }.Select(figure => figure.Of(axis, allSeries, group => group.Counting())).OfType<Figure>()];
}
