namespace FixupNet.Reporting.Figures;

/// <summary>A line as it is drawn: no more points than columns of pixels can show.</summary>
/// <param name="Runs">Stretches of points that the axis can show. A column with a point that it cannot show stands for itself.</param>
/// <param name="Zeros">Points of exactly 0 on a logarithmic axis, at most one a column.</param>
/// <param name="NonFinite">Points that are not finite, at most one a column.</param>
internal sealed record DecimatedLine(
    IReadOnlyList<IReadOnlyList<ChartPoint>> Runs, IReadOnlyList<ChartPoint> Zeros, IReadOnlyList<ChartPoint> NonFinite)
{
    /// <summary>Takes from each column its least and its largest point, so that no spike is lost.</summary>
    /// <param name="points">The points, by ascending X.</param>
    /// <param name="axis">The axis of their values.</param>
    /// <param name="columnOf">Column of an X, which does not fall from point to point.</param>
    public static DecimatedLine Of(IReadOnlyList<ChartPoint> points, ChartAxis axis, Func<double, int> columnOf)
    {
        var runs = new List<IReadOnlyList<ChartPoint>>();
        var (zeros, nonFinite) = (new List<ChartPoint>(), new List<ChartPoint>());
        var run = new List<ChartPoint>();
        foreach (var column in points.GroupBy(point => columnOf(point.X)))
        {
            var shown = column.Where(point => axis.Shows(point.Y)).ToList();
            zeros.AddRange(column.Where(point => point.Y == 0 && !axis.Shows(point.Y)).Take(1));
            nonFinite.AddRange(column.Where(point => point.Y != 0 && !axis.Shows(point.Y)).Take(1));
            var isMixed = shown.Count < column.Count();
            if (isMixed) End(); // no line may seem to go through what it has no point for
            run.AddRange(Extremes(shown));
            if (isMixed) End();
        }
        End();
        return new DecimatedLine(runs, zeros, nonFinite);

        void End()
        {
            if (run.Count > 0) runs.Add(run);
            run = [];
        }
    }

    private static IEnumerable<ChartPoint> Extremes(List<ChartPoint> points)
    {
        if (points.Count == 0) return [];
        var (least, largest) = (points.MinBy(point => point.Y), points.MaxBy(point => point.Y));
        return points.Count <= 2 ? points : new[] { least, largest }.Distinct().OrderBy(point => point.X);
    }
}
