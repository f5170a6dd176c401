using FixupNet.Reporting.Statistics;
using FixupNet.Runs.Records;

namespace FixupNet.Reporting.Figures;

/// <summary>A value of trials against depth: a dot a seed, a line through the means, 95 % intervals, a cross for a trial that diverged.</summary>
/// <param name="Name">Name of the figure's file.</param>
/// <param name="Title">Its title.</param>
/// <param name="Y">The axis of the value.</param>
/// <param name="Value">The value of a trial, or null where it has none.</param>
/// <param name="ShowsDivergence">Whether trials that diverged are marked.</param>
internal sealed record DepthChart(string Name, string Title, ChartAxis Y, Func<SweepTrial, double?> Value, bool ShowsDivergence = false)
{
    /// <summary>The lower axis of all figures against depth.</summary>
    public static ChartAxis DepthAxis { get; } = new("depth (layers)", AxisScale.Values);

    /// <summary>Makes the figure.</summary>
    /// <param name="allSeries">The curves of the sweep.</param>
    /// <param name="trialsOf">The trials of a group whose value counts.</param>
    /// <returns>The figure, or null where fewer than two depths were planned or no trial has a value yet.</returns>
    public Chart? Of(IReadOnlyList<SweepSeries> allSeries, Func<SweepGroup, IReadOnlyList<SweepTrial>> trialsOf)
    {
        if (!HasDepths(allSeries)) return null;
        Curve[] curves = [.. allSeries.Take(SeriesStyle.Count).Select(series => new Curve(series, [.. Points(series, trialsOf)]))];
        if (curves.All(curve => curve.Points.Count == 0)) return null;
        return new Chart(Name, Title, Description(curves), DepthAxis, Y, [.. curves.Select(ChartCurveOf)], allSeries.Count - curves.Length);
    }

    /// <summary>Whether there are at least two depths.</summary>
    public static bool HasDepths(IReadOnlyList<SweepSeries> allSeries) =>
        allSeries.SelectMany(series => series.Groups).Select(SweepSeries.Depth).OfType<double>().Distinct().Count() >= 2;

    private IEnumerable<Point> Points(SweepSeries series, Func<SweepGroup, IReadOnlyList<SweepTrial>> trialsOf) =>
        from @group in series.Groups
        let depth = SweepSeries.Depth(@group)
        where depth is not null
        let values = trialsOf(@group).Select(Value).OfType<double>().ToList()
        let diverged = ShowsDivergence ? @group.Trials.Count(trial => trial.Summary?.State == TrialState.Diverged) : 0
        where values.Count + diverged > 0
        orderby depth
        select new Point(depth.Value, values, diverged);

    private ChartCurve ChartCurveOf(Curve curve)
    {
        var means = curve.Points.Where(point => point.Values.Count > 0).Select(point => new ChartPoint(point.Depth, point.Values.Average()));
        return new ChartCurve(curve.Series.Label, curve.Series.Index, [new ChartLine("mean", [.. means])])
        {
            Dots = [.. curve.Points.SelectMany(point => point.Values.Select(value => new ChartPoint(point.Depth, value)))],
            Intervals = [.. curve.Points.Select(IntervalOf).OfType<ChartInterval>()],
            Crosses = [.. curve.Points.SelectMany(point => Enumerable.Repeat(point.Depth, point.DivergedCount))],
        };
    }

    private ChartInterval? IntervalOf(Point point)
    {
        if (!point.Values.All(double.IsFinite) || TTests.MeanInterval(point.Values) is not var (low, high)) return null;
        return Y.Scale == AxisScale.Percent
            ? new ChartInterval(point.Depth, Math.Max(0, low), Math.Min(100, high)) // no accuracy lies beyond
            : new ChartInterval(point.Depth, low, high);
    }

    private string Description(Curve[] curves)
    {
        var results = curves.SelectMany(curve =>
            curve.Points.Select(point => $"{curve.Series.Label} depth {Axis.Thousands(point.Depth)}: {Result(point)}".Trim()));
        return $"One dot a seed, a line through the means of the seeds, bars for their 95 % intervals (Student's t) where there are two seeds "
            + $"or more{(ShowsDivergence ? ", a cross for each trial that diverged" : "")}. {string.Join("; ", results)}.";
    }

    private string Result(Point point)
    {
        var diverged = $"{point.DivergedCount} diverged";
        if (point.Values.Count == 0) return diverged;
        var unit = Y.Scale == AxisScale.Percent ? " %" : "";
        var mean = $"{DisplayText.Number(point.Values.Average(), unit.Length > 0 ? "F2" : "G4")}{unit} (n = {point.Values.Count})";
        return point.DivergedCount > 0 ? $"{mean}, {diverged}" : mean;
    }

    private sealed record Curve(SweepSeries Series, IReadOnlyList<Point> Points);

    private sealed record Point(double Depth, IReadOnlyList<double> Values, int DivergedCount);
}
