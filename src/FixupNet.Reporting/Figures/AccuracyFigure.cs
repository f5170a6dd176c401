using FixupNet.Runs.Records;

namespace FixupNet.Reporting.Figures;

/// <summary>Test accuracy against depth: every seed a dot, a line through the means, a cross for a trial that diverged.</summary>
internal static class AccuracyFigure
{
    private const double CrossPitch = 10;

    /// <summary>Draws the figure.</summary>
    /// <returns>The SVG document, or null where fewer than two depths were planned or no trial has a result yet.</returns>
    public static string? Draw(IReadOnlyList<SweepSeries> allSeries)
    {
        double[] depths = [.. allSeries.SelectMany(series => series.Groups).Select(SweepSeries.Depth).OfType<double>().Distinct().Order()];
        Curve[] curves = [.. allSeries.Take(SeriesStyle.Count).Select(CurveOf)];
        var points = curves.SelectMany(curve => curve.Points).ToList();
        var crosses = curves.SelectMany(curve => curve.Points.Where(point => point.DivergedCount > 0)).ToList();
        if (depths.Length < 2 || (crosses.Count == 0 && points.All(point => point.Accuracies.Count == 0))) return null;

        var canvas = new SvgCanvas(Plot.Width, Plot.Height, "Test accuracy against depth", Description(curves));
        var legend = LegendOf(canvas, curves, crosses.Count > 0, allSeries.Count - curves.Length);
        var stripHeight = crosses.Count == 0 ? 0 : CrossPitch * crosses.Max(point => point.DivergedCount) + 6;
        var pixels = new PixelRange(Plot.Bottom - stripHeight, legend.Bottom + 10);
        var x = Axis.LogarithmicAt(depths, Plot.Horizontal);
        var y = AccuracyAxis([.. points.SelectMany(point => point.Accuracies)], pixels);

        if (crosses.Count > 0) Plot.Strip(canvas, new PixelRange(Plot.Bottom, pixels.Start), "");
        Plot.LeftAxis(canvas, y, pixels, "test accuracy (%)");
        Plot.LowerAxis(canvas, x, "depth (layers, logarithmic)");
        foreach (var curve in curves) DrawCurve(canvas, curve, x, y);
        foreach (var depth in crosses.GroupBy(point => point.Depth)) DrawCrosses(canvas, x.Pixel(depth.Key), [.. depth]);
        legend.Draw(canvas);
        return canvas.Finish();
    }

    private static Curve CurveOf(SweepSeries series)
    {
        var style = new SeriesStyle(series.Index);
        return new Curve(series.Label, style,
        [
            .. series.Groups.Select(group => (Group: group, Depth: SweepSeries.Depth(group))).Where(pair => pair.Depth is not null)
                .OrderBy(pair => pair.Depth)
                .Select(pair => new Point(style, pair.Depth ?? 0, Percentages(pair.Group),
                    pair.Group.Trials.Count(trial => trial.Summary?.State == TrialState.Diverged))),
        ]);
    }

    private static List<double> Percentages(SweepGroup group) =>
    [
        .. group.Counting().Select(trial => trial.Summary?.Test?.Accuracy * 100).OfType<double>().Where(double.IsFinite),
    ];

    private static Axis AccuracyAxis(double[] percentages, PixelRange pixels)
    {
        if (percentages.Length == 0) return Axis.Linear(0, 100, pixels);
        var (least, most) = (percentages.Min(), percentages.Max());
        var room = Math.Max(0.04 * (most - least), 0.2);
        return Axis.Linear(Math.Max(0, least - room), Math.Min(100, most + room), pixels);
    }

    private static Legend LegendOf(SvgCanvas canvas, Curve[] curves, bool hasCrosses, int leftOut)
    {
        var legend = new Legend(Plot.Horizontal);
        foreach (var curve in curves) Plot.AddCurve(legend, canvas, curve.Style, curve.Label);
        if (hasCrosses) legend.Add("diverged", (x, y) => DrawCross(canvas, x, y, "#444444", "sample"));
        if (leftOut > 0) legend.Add($"{leftOut} more not drawn", (_, _) => { });
        return legend;
    }

    private static void DrawCurve(SvgCanvas canvas, Curve curve, Axis x, Axis y)
    {
        var drawn = curve.Points.Where(point => point.Accuracies.Count > 0)
            .Select(point => (X: x.Pixel(point.Depth), Mean: y.Pixel(point.Accuracies.Average()), Seeds: point.Accuracies.Select(y.Pixel)))
            .ToList();
        canvas.Open("g", ("class", "curve"));
        if (curve.Label.Length > 0) canvas.Title(curve.Label);
        canvas.Element("polyline", ("class", "mean"), ("fill", "none"), ("stroke", curve.Style.Color), ("stroke-width", "2"),
            ("stroke-linejoin", "round"), ("stroke-dasharray", curve.Style.Dashes),
            ("points", string.Join(' ', drawn.Select(point => $"{SvgCanvas.Number(point.X)},{SvgCanvas.Number(point.Mean)}"))));
        foreach (var point in drawn)
            foreach (var seed in point.Seeds) curve.Style.Mark(canvas, point.X, seed, 3.8, "seed");
        canvas.Close();
    }

    // A column for each curve that diverged at this depth, a row for each seed: none hides another.
    private static void DrawCrosses(SvgCanvas canvas, double middle, List<Point> points)
    {
        for (var column = 0; column < points.Count; column++)
            for (var row = 0; row < points[column].DivergedCount; row++)
                DrawCross(canvas, middle + (column - (points.Count - 1) / 2.0) * CrossPitch, Plot.Bottom - 8 - row * CrossPitch,
                    points[column].Style.Color, "diverged");
    }

    private static void DrawCross(SvgCanvas canvas, double x, double y, string color, string kind) => canvas.Element(
        "path", ("class", kind), ("d", $"M{SvgCanvas.Number(x - 3.5)} {SvgCanvas.Number(y - 3.5)}l7 7m0 -7l-7 7"), ("stroke", color),
        ("stroke-width", "2"), ("fill", "none"));

    private static string Description(Curve[] curves)
    {
        var results = curves.SelectMany(curve => curve.Points.Select(point => (Curve: curve, Point: point)))
            .Where(pair => pair.Point.Accuracies.Count + pair.Point.DivergedCount > 0)
            .Select(pair => $"{pair.Curve.Label} depth {Axis.Thousands(pair.Point.Depth)}: {Result(pair.Point)}".Trim());
        return $"One dot a seed, a line through the means of the seeds. {string.Join("; ", results)}.";
    }

    private static string Result(Point point)
    {
        var diverged = $"{point.DivergedCount} diverged";
        if (point.Accuracies.Count == 0) return diverged;
        var mean = $"{DisplayText.Number(point.Accuracies.Average(), "F2")} % (n = {point.Accuracies.Count})";
        return point.DivergedCount > 0 ? $"{mean}, {diverged}" : mean;
    }

    private sealed record Curve(string Label, SeriesStyle Style, List<Point> Points);

    private sealed record Point(SeriesStyle Style, double Depth, List<double> Accuracies, int DivergedCount);
}
