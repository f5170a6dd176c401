using FixupNet.Runs.Records;

namespace FixupNet.Reporting.Figures;

/// <summary>Largest stable learning rate against depth, of sweeps with a grid over learning rates: the largest of the grid at which, and
/// below which, no trial diverged.</summary>
internal static class StableRateFigure
{
    /// <summary>Key of the learning rate.</summary>
    public const string RateKey = "optimizer.learningRate";

    /// <summary>Makes the figure.</summary>
    /// <returns>The figure, or null where fewer than two depths or two learning rates were planned, or nothing has ended.</returns>
    public static Chart? Of(SweepResults results)
    {
        var axis = SweepAxis.Of(results);
        if (!results.Keys.Contains(RateKey) || !axis.IsDepth) return null;
        var allSeries = SweepSeries.Of(results, SweepSeries.DepthKey, RateKey);
        Curve[] curves = [.. allSeries.Take(SeriesStyle.Count).Select(series => new Curve(series, [.. Points(series)]))];
        return curves.All(curve => curve.Points.Count == 0) ? null : new Chart(
            "stable-learning-rate-against-depth", "Largest stable learning rate against depth", Description(curves),
            axis.ChartAxis(allSeries), new ChartAxis("largest stable learning rate", AxisScale.Logarithmic),
            [.. curves.Select(ChartCurveOf)], allSeries.Count - curves.Length);
    }

    private static IEnumerable<Point> Points(SweepSeries series) => series.Groups
        .Where(group => SweepSeries.Depth(group) is not null && group.Number(RateKey) > 0)
        .GroupBy(group => SweepSeries.Depth(group)!.Value).OrderBy(depth => depth.Key)
        .Select(depth => PointOf(depth.Key, [.. depth.OrderBy(group => group.Number(RateKey))])).OfType<Point>();

    // A rate counts once all its trials have ended in a result; failed or stopped ones say nothing about stability.
    private static Point? PointOf(double depth, List<SweepGroup> rates)
    {
        var judged = rates.TakeWhile(group => group.Trials.All(IsResult)).ToList();
        if (judged.Count == 0) return null;
        var stable = judged.TakeWhile(group => group.Trials.All(trial => trial.Summary?.State == TrialState.Completed)).ToList();
        var rate = stable.Count == 0 ? (double?)null : stable[^1].Number(RateKey);
        return new Point(depth, rate, IsBounded: stable.Count < judged.Count);
    }

    private static bool IsResult(SweepTrial trial) => trial.Summary?.State is TrialState.Completed or TrialState.Diverged;

    private static ChartCurve ChartCurveOf(Curve curve)
    {
        ChartPoint[] points = [.. curve.Points.Where(point => point.Rate is not null).Select(point => new ChartPoint(point.Depth, point.Rate!.Value))];
        return new ChartCurve(curve.Series.Label, curve.Series.Style, [new ChartLine("largest stable", points)])
        {
            IsSummary = true,
            Crosses = [.. curve.Points.Where(point => point.Rate is null).Select(point => new ChartCross(point.Depth, 1, 1))],
        };
    }

    private static string Description(Curve[] curves)
    {
        var results = curves.SelectMany(curve => curve.Points.Select(point =>
            $"{curve.Series.Label} depth {Axis.Thousands(point.Depth)}: {Result(point)}".Trim()));
        return "Largest learning rate of the grid at which, and below which, every seed trained to the end; a cross where the smallest diverged "
            + $"already. {string.Join("; ", results)}.";
    }

    private static string Result(Point point) => point.Rate is not { } rate ? "none"
        : DisplayText.Number(rate, "G4") + (point.IsBounded ? "" : " or more, the largest tried");

    private sealed record Curve(SweepSeries Series, IReadOnlyList<Point> Points);

    private sealed record Point(double Depth, double? Rate, bool IsBounded);
}
