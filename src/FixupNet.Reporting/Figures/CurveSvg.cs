using System.Text;

namespace FixupNet.Reporting.Figures;

/// <summary>Draws the curves of a chart as SVG.</summary>
/// <param name="canvas">The drawing.</param>
/// <param name="chart">The chart.</param>
/// <param name="x">Its lower axis.</param>
/// <param name="y">Its left axis.</param>
/// <param name="pixels">Where the left axis lies.</param>
internal sealed class CurveSvg(SvgCanvas canvas, Chart chart, Axis x, Axis y, PixelRange pixels)
{
    private const double MarkPitch = 44;
    private const double CrossLabelWidth = 52;

    /// <summary>Draws a curve.</summary>
    /// <param name="index">Its number.</param>
    /// <param name="lines">Its lines as they are drawn.</param>
    /// <param name="nonFiniteTop">Top of its lane of what is not finite.</param>
    /// <param name="zeroTop">Top of its lane of zeros.</param>
    public void Draw(int index, List<DecimatedLine> lines, double nonFiniteTop, double zeroTop)
    {
        var (curve, aside) = (chart.Curves[index], Aside(index));
        if (curve.Band.Count > 1) DrawBand(curve, aside);
        foreach (var interval in curve.Band.Count == 1 ? curve.Band : curve.Intervals) DrawInterval(interval, curve.Style, aside);
        foreach (var dot in curve.Dots.Where(dot => chart.Y.Shows(dot.Y)))
            canvas.Element("circle", ("class", "seed"), ("cx", SvgCanvas.Number(x.Pixel(dot.X) + aside)), ("cy", SvgCanvas.Number(y.Pixel(dot.Y))), ("r", "2.8"),
                ("fill", curve.Style.Light), ("fill-opacity", "0.55"));
        foreach (var line in lines)
        {
            DrawStrokes(curve.Style, line.NonFinite, nonFiniteTop, "non-finite");
            DrawStrokes(curve.Style, line.Zeros, zeroTop, "zero");
            DrawLine(curve, line, aside, (double)index / chart.Curves.Count);
        }
    }

    /// <summary>Draws how many trials of a curve diverged, in a lane of its own; what is too near to stand apart is counted together.</summary>
    /// <param name="curve">The curve.</param>
    /// <param name="middle">The middle of its lane.</param>
    public void DrawCrosses(ChartCurve curve, double middle)
    {
        foreach (var group in Near([.. curve.Crosses.OrderBy(cross => cross.X)]))
        {
            var isCounted = group[0].Of > 1;
            var at = group.Average(cross => x.Pixel(cross.X));
            if (isCounted) at = Math.Clamp(at, Plot.Left + 34, Plot.Right - 23); // within the strip, where no label of an axis lies
            MarkSvg.Cross(canvas, isCounted ? at + 19 : at, middle, curve.Style.Light, "diverged");
            if (isCounted)
                canvas.Text(at + 12, middle + 4, $"{group.Sum(cross => cross.Count)} of {group[0].Of}", ("text-anchor", "end"), ("font-size", "11"), ("class", "diverged-count"));
        }
    }

    private List<List<ChartCross>> Near(IReadOnlyList<ChartCross> crosses)
    {
        var groups = new List<List<ChartCross>>();
        foreach (var cross in crosses)
        {
            if (groups.Count > 0 && x.Pixel(cross.X) - x.Pixel(groups[^1][0].X) < CrossLabelWidth && chart.X.Scale == AxisScale.Linear) groups[^1].Add(cross);
            else groups.Add([cross]);
        }
        return groups;
    }

    // Curves that sum up trials stand beside each other, with all that belongs to them: their bars would hide each other.
    private double Aside(int index)
    {
        if (chart.X.Scale == AxisScale.Names) return 0; // each has its own place
        if (chart.X.Scale == AxisScale.Linear && chart.Curves.All(curve => curve.Intervals.Count == 0)) return 0; // no bars, and a place that the axis can be read at
        var beside = Enumerable.Range(0, chart.Curves.Count).Where(curve => chart.Curves[curve].IsSummary).ToList();
        return beside.Contains(index) ? (beside.IndexOf(index) - (beside.Count - 1) / 2.0) * Math.Min(7, 28.0 / beside.Count) : 0;
    }

    private void DrawLine(ChartCurve curve, DecimatedLine line, double aside, double offset)
    {
        if (line.Runs.Count == 0) return;
        var path = new StringBuilder();
        foreach (var run in line.Runs)
        {
            path.Append('M').AppendJoin('L', run.Select(point => $"{SvgCanvas.Number(x.Pixel(point.X) + aside)} {SvgCanvas.Number(y.Pixel(point.Y))}"));
            if (run.Count == 1) path.Append("h0"); // with round ends, a dot
        }
        canvas.Element("path", ("class", "line"), ("d", path.ToString()), ("fill", "none"), ("stroke", curve.Style.Light),
            ("stroke-width", curve.IsSummary ? "2" : "1.6"), ("stroke-linejoin", "round"), ("stroke-linecap", "round"), ("stroke-dasharray", MarkSvg.Dashes(curve)));
        if (curve.IsSummary)
            foreach (var point in line.Runs.SelectMany(run => run)) MarkSvg.Mark(canvas, curve.Style, (x.Pixel(point.X) + aside, y.Pixel(point.Y)), 4.6, "mean");
        else DrawMarks(curve.Style, line, offset);
    }

    // Some of the points only, at other places than those of the other curves.
    private void DrawMarks(SeriesStyle style, DecimatedLine line, double offset)
    {
        var next = Plot.Left + offset * MarkPitch;
        foreach (var point in line.Runs.SelectMany(run => run))
        {
            var at = x.Pixel(point.X);
            if (at < next) continue;
            MarkSvg.Mark(canvas, style, (at, y.Pixel(point.Y)), 3.6, "mark");
            next += Math.Ceiling((at - next + 1) / MarkPitch) * MarkPitch;
        }
    }

    private void DrawBand(ChartCurve curve, double aside)
    {
        string Corner(double at, double value) => $"{SvgCanvas.Number(x.Pixel(at) + aside)} {SvgCanvas.Number(Edge(value))}";
        var upper = curve.Band.Select(interval => Corner(interval.X, interval.High));
        var lower = curve.Band.Reverse().Select(interval => Corner(interval.X, interval.Low));
        canvas.Element("path", ("class", "band"), ("d", $"M{string.Join('L', upper.Concat(lower))}Z"), ("fill", curve.Style.Light), ("fill-opacity", "0.16"));
    }

    // An end that lies off the axis, 0 on a logarithmic one for example, is drawn at its edge and without a cap.
    private void DrawInterval(ChartInterval interval, SeriesStyle style, double aside) => MarkSvg.Bar(
        canvas, x.Pixel(interval.X) + aside, (Edge(interval.High), Edge(interval.Low)), style.Light, "interval", (IsInside(interval.High), IsInside(interval.Low)));

    private bool IsInside(double value) => chart.Y.Shows(value) && y.Pixel(value) >= pixels.End && y.Pixel(value) <= pixels.Start;

    private double Edge(double value) =>
        chart.Y.Shows(value) ? Math.Clamp(y.Pixel(value), pixels.End, pixels.Start) : value > 0 ? pixels.End : pixels.Start;

    private void DrawStrokes(SeriesStyle style, IReadOnlyList<ChartPoint> points, double top, string kind)
    {
        var path = string.Concat(points.Select(point => $"M{SvgCanvas.Number(x.Pixel(point.X))} {SvgCanvas.Number(top)}v{ChartStrips.LaneHeight - 1}"));
        if (path.Length > 0) canvas.Element("path", ("class", kind), ("d", path), ("stroke", style.Light), ("stroke-width", "1.6"));
    }
}
