using FixupNet.Reporting.Results;
using FixupNet.Reporting.Statistics;
using FixupNet.Reporting.Tables;
using FixupNet.Runs.Records;

namespace FixupNet.Reporting.Figures;

/// <summary>A value of trials over the axis of their sweep: a faint dot a seed, the mean of the seeds, its 95 % interval, and how many trials
/// diverged.</summary>
/// <param name="Name">First part of the name of the figure's file.</param>
/// <param name="Title">First part of its title.</param>
/// <param name="Y">The axis of the value.</param>
/// <param name="Value">The value of a curve's trial, or null where it has none.</param>
/// <param name="ShowsDivergence">Whether trials that diverged are marked.</param>
internal sealed record AxisFigure(string Name, string Title, ChartAxis Y, Func<SweepSeries, SweepTrial, double?> Value, bool ShowsDivergence = false)
{
    /// <summary>Makes the figure.</summary>
    /// <param name="axis">The axis of the sweep.</param>
    /// <param name="allSeries">Its curves.</param>
    /// <param name="trialsOf">The trials of a group whose value counts.</param>
    /// <returns>The figure, or null where fewer than two places were planned or no trial has a value yet.</returns>
    public Chart? Of(SweepAxis axis, IReadOnlyList<SweepSeries> allSeries, Func<SweepGroup, IReadOnlyList<SweepTrial>> trialsOf)
    {
        if (!HasPlaces(axis, allSeries)) return null;
        Curve[] curves = [.. allSeries.Take(SeriesStyle.Count).Select(series => new Curve(series, [.. Points(axis, series, trialsOf)]))];
        if (curves.All(curve => curve.Points.Count == 0)) return null;
        return new Chart($"{Name}-{axis.Slug}", $"{Title} {axis.Phrase}", Description(axis, curves), axis.ChartAxis(allSeries), Y,
            [.. curves.Select(ChartCurveOf)], allSeries.Count - curves.Length);
    }

    /// <summary>Whether there are at least two places on an axis.</summary>
    public static bool HasPlaces(SweepAxis axis, IReadOnlyList<SweepSeries> allSeries) =>
        allSeries.SelectMany(series => series.Groups.Select(group => axis.Place(series, group))).OfType<double>().Distinct().Count() >= 2;

    private IEnumerable<Point> Points(SweepAxis axis, SweepSeries series, Func<SweepGroup, IReadOnlyList<SweepTrial>> trialsOf) =>
        from @group in series.Groups
        let place = axis.Place(series, @group)
        where place is not null
        let values = trialsOf(@group).Select(trial => Value(series, trial)).OfType<double>().ToList()
        let diverged = ShowsDivergence ? @group.Trials.Count(trial => trial.Summary?.State == TrialState.Diverged) : 0
        where values.Count + diverged > 0
        orderby place
        select new Point(place.Value, values, diverged, @group.Trials.Count);

    private ChartCurve ChartCurveOf(Curve curve)
    {
        var means = curve.Points.Where(point => point.Values.Count > 0).Select(point => new ChartPoint(point.Place, point.Values.Average()));
        ChartInterval[] intervals = [.. curve.Points.Select(IntervalOf).OfType<ChartInterval>()];
        var hasBand = intervals.Length >= 2 && intervals.Any(interval => interval.Count >= Chart.ManySeeds);
        return new ChartCurve(curve.Series.Label, curve.Series.Style, [new ChartLine("mean", [.. means])])
        {
            IsSummary = true,
            Dots = [.. curve.Points.SelectMany(point => point.Values.Select(value => new ChartPoint(point.Place, value)))],
            Intervals = hasBand ? [] : intervals,
            Band = hasBand ? intervals : [],
            Crosses = [.. curve.Points.Where(point => point.DivergedCount > 0).Select(point => new ChartCross(point.Place, point.DivergedCount, point.TrialCount))],
        };
    }

    private ChartInterval? IntervalOf(Point point)
    {
        if (!point.Values.All(double.IsFinite) || TTests.MeanInterval(point.Values) is not var (low, high)) return null;
        return Y.Scale == AxisScale.Percent
            ? new ChartInterval(point.Place, Math.Max(0, low), Math.Min(100, high), point.Values.Count) // no share lies beyond
            : new ChartInterval(point.Place, low, high, point.Values.Count);
    }

    private string Description(SweepAxis axis, Curve[] curves)
    {
        var results = curves.SelectMany(curve =>
            curve.Points.Select(point => $"{curve.Series.Label} {axis.PlaceText(point.Place)}".Trim() is { Length: > 0 } name ? $"{name}: {Result(point)}" : Result(point)));
        return $"A faint dot a seed, a large mark for the mean of the seeds, and its 95 % interval (Student's t) where there are two seeds or more, as a bar, or as a "
            + $"band from {Chart.ManySeeds} seeds on; an interval of two seeds may be cut off at the edge of the plot{(ShowsDivergence ? "; crosses count the trials that diverged" : "")}. "
            + $"{string.Join("; ", results)}.";
    }

    private string Result(Point point)
    {
        var diverged = $"{point.DivergedCount} of {point.TrialCount} diverged";
        if (point.Values.Count == 0) return diverged;
        var (unit, format) = Y.Scale == AxisScale.Percent ? (" %", "F2") : ("", "G4");
        var interval = IntervalOf(point) is { } known ? $", 95 % interval {DisplayText.Number(known.Low, format)} to {DisplayText.Number(known.High, format)}" : "";
        var mean = $"{DisplayText.Number(point.Values.Average(), format)}{unit} (n = {point.Values.Count}{interval})";
        return point.DivergedCount > 0 ? $"{mean}, {diverged}" : mean;
    }

    private sealed record Curve(SweepSeries Series, IReadOnlyList<Point> Points);

    private sealed record Point(double Place, IReadOnlyList<double> Values, int DivergedCount, int TrialCount);
}
