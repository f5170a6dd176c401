using FixupNet.Reporting.Results;
using FixupNet.Reporting.Tables;
using FixupNet.Runs.Metrics;

namespace FixupNet.Reporting.Figures;

/// <summary>A metric at the last test over the axis of the sweep; accuracy against depth is the question of figure 3 of arXiv:1901.09321.</summary>
internal static class MetricFigure
{
    /// <summary>Makes the figure.</summary>
    /// <param name="metric">The metric.</param>
    /// <param name="axis">The axis of the sweep.</param>
    /// <param name="allSeries">Its curves.</param>
    /// <returns>The figure, or null where the results cannot fill it.</returns>
    public static Chart? Of(Metric metric, SweepAxis axis, IReadOnlyList<SweepSeries> allSeries)
    {
        var (words, scale) = (Metric.Words(metric.Name), DisplayText.UnitOf(metric).Scale);
        var figure = new AxisFigure(
            Metric.Words(metric.Name, '-'), $"Test {words}", AxisOf(metric, $"test {words}"),
            (_, trial) => trial.Summary?.Test?[metric.Name] * scale is { } value && double.IsFinite(value) ? value : null, ShowsDivergence: true);
        return figure.Of(axis, allSeries, group => group.Counting());
    }

    /// <summary>The axis of a metric: in percent of shares, else in its unit; of what is the better the smaller it is, by powers of ten.</summary>
    /// <param name="metric">The metric.</param>
    /// <param name="label">What the axis shows, without the unit.</param>
    public static ChartAxis AxisOf(Metric metric, string label) => metric switch
    {
        { IsShare: true } => new($"{label} (%)", AxisScale.Percent),
        { Unit: "" } => new(label, ScaleOf(metric)),
        _ => new($"{label} ({metric.Unit})", ScaleOf(metric)),
    };

    private static AxisScale ScaleOf(Metric metric) => metric.Better == MetricDirection.Lower ? AxisScale.Logarithmic : AxisScale.Linear;
}
