using FixupNet.Reporting.Results;
using FixupNet.Reporting.Statistics;
using FixupNet.Reporting.Tables;
using FixupNet.Runs.Records;

namespace FixupNet.Reporting.Figures;

/// <summary>Largest stable learning rate against depth, of sweeps with a grid over learning rates or their factors: the largest of the grid at
/// which, and below which, no trial diverged or died.</summary>
internal static class StableRateFigure
{
    /// <summary>Makes a figure for every rate of the grid.</summary>
    /// <returns>The figures; none where fewer than two depths or two rates were planned, or nothing has ended.</returns>
    public static IReadOnlyList<Figure> Of(SweepResults results)
    {
        var axis = SweepAxis.Of(results);
        return axis.IsDepth ? [.. results.Keys.Where(IsRate).Select(key => Of(results, axis, key)).OfType<Figure>()] : [];
    }

    // "optimizer.learningRate", and the factors of groups of parameters.
    private static bool IsRate(string key) =>
        key.StartsWith("optimizer.", StringComparison.Ordinal) && key.Contains("learningRate", StringComparison.OrdinalIgnoreCase);

    private static Chart? Of(SweepResults results, SweepAxis axis, string key)
    {
        var allSeries = SweepSeries.Of(results, SweepSeries.DepthKey, key);
        Curve[] curves = [.. allSeries.Take(SeriesStyle.Count).Select(series => new Curve(series, [.. Points(series, key)], [.. Seeds(series, key)]))];
        if (curves.All(curve => curve.Points.Count == 0)) return null;
        var name = SweepAxis.Words(key);
        return new Chart(
            $"stable-{Figure.Slug(name)}-against-depth", $"Largest stable {name} against depth", Description(curves, name),
            axis.ChartAxis(allSeries), new ChartAxis($"largest stable {name}", AxisScale.Logarithmic),
            [.. curves.Select(ChartCurveOf)], allSeries.Count - curves.Length);
    }

    private static IEnumerable<Point> Points(SweepSeries series, string key) => ByDepth(series, key)
        .Select(depth => PointOf(depth.Key, [.. depth], key, trial => true)).OfType<Point>();

    // Every seed has a largest stable rate of its own.
    private static IEnumerable<Point> Seeds(SweepSeries series, string key) => ByDepth(series, key)
        .SelectMany(depth => depth.SelectMany(group => group.Trials).Select(trial => trial.Plan.Seed).Distinct()
            .Select(seed => PointOf(depth.Key, [.. depth], key, trial => trial.Plan.Seed == seed))).OfType<Point>();

    private static IEnumerable<IGrouping<double, SweepGroup>> ByDepth(SweepSeries series, string key) => series.Groups
        .Where(group => SweepSeries.Depth(group) is not null && group.Number(key) > 0)
        .OrderBy(group => group.Number(key)).GroupBy(group => SweepSeries.Depth(group)!.Value).OrderBy(depth => depth.Key);

    // A rate counts once all its trials have ended in a result; failed or stopped ones say nothing about stability.
    private static Point? PointOf(double depth, IReadOnlyList<SweepGroup> rates, string key, Func<SweepTrial, bool> counts)
    {
        var judged = rates.TakeWhile(group => group.Trials.Where(counts).All(IsResult)).ToList();
        if (judged.Count == 0) return null;
        var stable = judged.TakeWhile(group => group.Trials.Where(counts).All(IsStable)).ToList();
        var rate = stable.Count == 0 ? (double?)null : stable[^1].Number(key);
        return new Point(depth, rate, IsBounded: stable.Count < judged.Count);
    }

    private static bool IsResult(SweepTrial trial) => trial.Summary?.State is TrialState.Completed or TrialState.Diverged;

    private static bool IsStable(SweepTrial trial) => trial.Summary is { State: TrialState.Completed, GradientNorms: null or { DeadSinceStep: null } };

    private static ChartCurve ChartCurveOf(Curve curve)
    {
        ChartPoint[] points = [.. curve.Points.Where(point => point.Rate is not null).Select(point => new ChartPoint(point.Depth, point.Rate!.Value))];
        return new ChartCurve(curve.Series.Label, curve.Series.Style, [new ChartLine("largest stable", points)], Note(curve))
        {
            IsSummary = true,
            Dots = [.. curve.Seeds.Where(point => point.Rate is not null).Select(point => new ChartPoint(point.Depth, point.Rate!.Value))],
            Crosses = [.. curve.Points.Where(point => point.Rate is null).Select(point => new ChartCross(point.Depth, 1, 1))],
        };
    }

    // A mark at the grid's end is a lower bound, which a legend must not hide.
    private static string Note(Curve curve)
    {
        double[] atEnd = [.. curve.Points.Where(point => !point.IsBounded).Select(point => point.Depth)];
        return atEnd.Length == 0 ? "" : "lower bound" + (atEnd.Length < curve.Points.Count ? " at " + string.Join(", ", atEnd.Select(Axis.Thousands)) : "");
    }

    private static string Description(Curve[] curves, string name)
    {
        var results = curves.SelectMany(curve => curve.Points.Select(point =>
            $"{curve.Series.Label} depth {Axis.Thousands(point.Depth)}: {Result(point)}".Trim()));
        var laws = curves.Where(curve => curve.Law is not null).Select(curve => " " + Text(curve.Law!, curve.Series.Label));
        return $"Largest {name} of the grid at which, and below which, every seed trained to the end without dying, with a faint dot for each seed by itself; a cross where the "
            + $"smallest did not. {string.Join("; ", results)}.{string.Concat(laws)}";
    }

    private static string Text(PowerLaw law, string label) =>
        $"{(label.Length > 0 ? $"{label}: p" : "P")}roportional to depth to the power {DisplayText.Number(law.Exponent, "F2")}"
        + (law.Interval is { } interval ? $" (95 % interval {DisplayText.Number(interval.Low, "F2")} to {DisplayText.Number(interval.High, "F2")}" : " (")
        + $"{(law.Interval is null ? "" : ", ")}least squares through the {law.Count} values of single seeds inside the grid).";

    private static string Result(Point point) => point.Rate is not { } rate ? "none"
        : DisplayText.Number(rate, "G4") + (point.IsBounded ? "" : " or more, the largest tried");

    private sealed record Curve(SweepSeries Series, IReadOnlyList<Point> Points, IReadOnlyList<Point> Seeds)
    {
        // Where the grid ends above or below a seed's rate, it is not known.
        public PowerLaw? Law { get; } = PowerLaw.Fit(
            [.. Seeds.Where(point => point is { Rate: not null, IsBounded: true }).Select(point => (point.Depth, point.Rate!.Value))]);
    }

    private sealed record Point(double Depth, double? Rate, bool IsBounded);
}
