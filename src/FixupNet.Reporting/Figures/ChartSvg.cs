using System.Text;

namespace FixupNet.Reporting.Figures;

/// <summary>Draws a chart as SVG. What a logarithmic axis cannot show lies in strips beside it: zeros below, what is not finite above,
/// and crosses for trials that diverged at the very bottom.</summary>
internal sealed class ChartSvg
{
    private const double LaneHeight = 7;
    private const double MarkPitch = 44;
    private const double CrossPitch = 10;
    private const double Gap = 6;

    private readonly Chart _chart;
    private readonly SvgCanvas _canvas;
    private readonly Axis _x;
    private readonly List<List<DecimatedLine>> _lines;
    private readonly Strips _strips;
    private Axis _y = null!; // known once the legend is laid out
    private PixelRange _pixels;

    private ChartSvg(Chart chart)
    {
        _chart = chart;
        _canvas = new SvgCanvas(Plot.Width, Plot.Height, chart.Title, chart.Description);
        _x = LowerAxis(chart);
        _lines = [.. chart.Curves.Select(curve => curve.Lines.Select(line => Decimate(line)).ToList())];
        _strips = Strips.Of(chart, _lines);
    }

    /// <summary>Draws a chart.</summary>
    public static string Draw(Chart chart) => new ChartSvg(chart).Draw();

    private string Draw()
    {
        var legend = LegendOf();
        var top = legend.Bottom + 10;
        var (crosses, zeros, nonFinite) = (_strips.CrossHeight, _strips.ZeroHeight, _strips.NonFiniteHeight);
        _pixels = new PixelRange(Plot.Bottom - crosses - zeros - (zeros > 0 ? Gap : 0), top + nonFinite + (nonFinite > 0 ? Gap : 0));
        _y = LeftAxis(_chart, _pixels);

        if (nonFinite > 0) Plot.Strip(_canvas, new PixelRange(top + nonFinite, top), _strips.NonFiniteLabel);
        if (crosses > 0) Plot.Strip(_canvas, new PixelRange(Plot.Bottom, Plot.Bottom - crosses), "");
        if (zeros > 0) Plot.Strip(_canvas, new PixelRange(Plot.Bottom - crosses, Plot.Bottom - crosses - zeros), "0");
        Plot.LeftAxis(_canvas, _y, _pixels, _chart.Y.Caption);
        Plot.LowerAxis(_canvas, _x, _chart.X.Caption);
        for (var index = 0; index < _chart.Curves.Count; index++) DrawCurve(index, top, Plot.Bottom - crosses - zeros);
        foreach (var place in _chart.Curves.SelectMany(curve => curve.Crosses).Distinct()) DrawCrosses(place);
        legend.Draw(_canvas);
        return _canvas.Finish();
    }

    private DecimatedLine Decimate(ChartLine line) => DecimatedLine.Of(line.Points, _chart.Y, x => (int)Math.Floor(_x.Pixel(x)));

    private static Axis LowerAxis(Chart chart)
    {
        double[] values =
        [
            .. chart.Curves.SelectMany(curve => curve.Lines.SelectMany(line => line.Points.Select(point => point.X))
                .Concat(curve.Dots.Select(dot => dot.X)).Concat(curve.Crosses)),
        ];
        return chart.X.Scale switch
        {
            AxisScale.Index => Axis.Index((int)values.DefaultIfEmpty(1).Max(), Plot.Horizontal),
            AxisScale.Values => Axis.LogarithmicAt([.. values.DefaultIfEmpty(1)], Plot.Horizontal),
            _ => Axis.Linear(0, Math.Max(values.DefaultIfEmpty(1).Max(), 1e-9), Plot.Horizontal),
        };
    }

    private static Axis LeftAxis(Chart chart, PixelRange pixels)
    {
        var drawn = chart.Curves.SelectMany(curve => curve.Lines.SelectMany(line => line.Points.Select(point => point.Y))
            .Concat(curve.Dots.Select(dot => dot.Y)).Concat(curve.Intervals.SelectMany(interval => new[] { interval.Low, interval.High })));
        double[] values = [.. drawn.Where(chart.Y.Shows)];
        var isLogarithmic = chart.Y.Scale == AxisScale.Logarithmic;
        if (values.Length == 0) return isLogarithmic ? Axis.Decades(1, 1, pixels) : Axis.Linear(0, 100, pixels);
        var (least, most) = (values.Min(), values.Max());
        if (isLogarithmic) return most / least is > 1.01 and < 8 ? Axis.Narrow(least, most, pixels) : Axis.Decades(least, most, pixels);
        var room = Math.Max(0.04 * (most - least), 0.2);
        return chart.Y.Scale == AxisScale.Percent
            ? Axis.Linear(Math.Max(0, least - room), Math.Min(100, most + room), pixels)
            : Axis.Linear(Math.Min(0, least), most + room, pixels);
    }

    private Legend LegendOf()
    {
        var legend = new Legend(Plot.Horizontal);
        foreach (var curve in _chart.Curves) Plot.AddCurve(legend, _canvas, new SeriesStyle(curve.Style), curve.FullLabel, curve.Dots.Count > 0);
        if (_chart.Curves.Any(curve => curve.Intervals.Count > 0)) legend.Add("95 % interval of the mean", (x, y) => DrawBar(x, y - 6, y + 6, "#444444", "sample"));
        if (_strips.CrossHeight > 0) legend.Add("diverged", (x, y) => DrawCross(x, y, "#444444", "sample"));
        if (_chart.LeftOut > 0) legend.Add($"{_chart.LeftOut} more not drawn", (_, _) => { });
        return legend;
    }

    private void DrawCurve(int index, double top, double zerosTop)
    {
        var (curve, style) = (_chart.Curves[index], new SeriesStyle(_chart.Curves[index].Style));
        _canvas.Open("g", ("class", "curve"));
        if (curve.Label.Length > 0) _canvas.Title(curve.Label);
        var aside = Aside(index);
        foreach (var interval in curve.Intervals) DrawInterval(interval, style, aside);
        foreach (var line in _lines[index])
        {
            DrawStrokes(style, line.NonFinite, top + Strips.Lane(index), "non-finite");
            DrawStrokes(style, line.Zeros, zerosTop + Strips.Lane(index), "zero");
            DrawLine(style, line, hasMarks: curve.Dots.Count == 0, (double)index / _chart.Curves.Count);
        }
        foreach (var dot in curve.Dots.Where(dot => _chart.Y.Shows(dot.Y))) style.Mark(_canvas, _x.Pixel(dot.X) + aside, _y.Pixel(dot.Y), 3.8, "seed");
        _canvas.Close();
    }

    // Seeds of different curves at one depth stand beside each other; the lines go through the depth itself.
    private double Aside(int index)
    {
        var beside = Enumerable.Range(0, _chart.Curves.Count).Where(curve => _chart.Curves[curve].Dots.Count > 0).ToList();
        return beside.Count == 0 ? 0 : (beside.IndexOf(index) - (beside.Count - 1) / 2.0) * Math.Min(7, 28.0 / beside.Count);
    }

    private void DrawLine(SeriesStyle style, DecimatedLine line, bool hasMarks, double offset)
    {
        if (line.Runs.Count == 0) return;
        var path = new StringBuilder();
        foreach (var run in line.Runs)
        {
            path.Append('M').AppendJoin('L', run.Select(point => $"{SvgCanvas.Number(_x.Pixel(point.X))} {SvgCanvas.Number(_y.Pixel(point.Y))}"));
            if (run.Count == 1) path.Append("h0"); // with round ends, a dot
        }
        _canvas.Element("path", ("class", "line"), ("d", path.ToString()), ("fill", "none"), ("stroke", style.Color),
            ("stroke-width", hasMarks ? "1.6" : "2"), ("stroke-linejoin", "round"), ("stroke-linecap", "round"), ("stroke-dasharray", hasMarks ? style.Dashes : style.MeanDashes));
        if (hasMarks) DrawMarks(style, line, offset);
    }

    // Some of the points only, at other places than those of the other curves.
    private void DrawMarks(SeriesStyle style, DecimatedLine line, double offset)
    {
        var next = Plot.Left + offset * MarkPitch;
        foreach (var point in line.Runs.SelectMany(run => run))
        {
            var x = _x.Pixel(point.X);
            if (x < next) continue;
            style.Mark(_canvas, x, _y.Pixel(point.Y), 3.6, "mark");
            next += Math.Ceiling((x - next + 1) / MarkPitch) * MarkPitch;
        }
    }

    private void DrawInterval(ChartInterval interval, SeriesStyle style, double aside)
    {
        var x = _x.Pixel(interval.X) + aside;
        // An end that lies off the axis, 0 on a logarithmic one for example, is drawn at its edge.
        DrawBar(x, Edge(interval.High), Edge(interval.Low), style.Color, "interval");
    }

    private void DrawBar(double x, double top, double bottom, string color, string kind) => _canvas.Element(
        "path", ("class", kind), ("stroke", color), ("stroke-width", "1.4"), ("fill", "none"),
        ("d", $"M{SvgCanvas.Number(x)} {SvgCanvas.Number(bottom)}L{SvgCanvas.Number(x)} {SvgCanvas.Number(top)}m-4 0h8"
            + $"M{SvgCanvas.Number(x - 4)} {SvgCanvas.Number(bottom)}h8"));

    private double Edge(double value) =>
        _chart.Y.Shows(value) ? Math.Clamp(_y.Pixel(value), _pixels.End, _pixels.Start) : value > 0 ? _pixels.End : _pixels.Start;

    private void DrawStrokes(SeriesStyle style, IReadOnlyList<ChartPoint> points, double top, string kind)
    {
        var path = string.Concat(points.Select(point => $"M{SvgCanvas.Number(_x.Pixel(point.X))} {SvgCanvas.Number(top)}v{LaneHeight - 1}"));
        if (path.Length > 0) _canvas.Element("path", ("class", kind), ("d", path), ("stroke", style.Color), ("stroke-width", "1.6"));
    }

    // A column for each curve with a trial that diverged here, a row for each trial: none hides another.
    private void DrawCrosses(double place)
    {
        var columns = _chart.Curves.Select(curve => (curve.Style, Count: curve.Crosses.Count(x => x == place))).Where(pair => pair.Count > 0).ToList();
        for (var column = 0; column < columns.Count; column++)
            for (var row = 0; row < columns[column].Count; row++)
                DrawCross(_x.Pixel(place) + (column - (columns.Count - 1) / 2.0) * CrossPitch, Plot.Bottom - 8 - row * CrossPitch,
                    new SeriesStyle(columns[column].Style).Color, "diverged");
    }

    private void DrawCross(double x, double y, string color, string kind) => _canvas.Element(
        "path", ("class", kind), ("d", $"M{SvgCanvas.Number(x - 3.5)} {SvgCanvas.Number(y - 3.5)}l7 7m0 -7l-7 7"), ("stroke", color),
        ("stroke-width", "2"), ("fill", "none"));

    /// <summary>How much room the strips need, and which lane of them a curve has.</summary>
    private sealed record Strips(int CurveCount, bool HasZeros, string NonFiniteLabel, int MostCrosses)
    {
        public double CrossHeight => MostCrosses == 0 ? 0 : CrossPitch * MostCrosses + 6;

        public double ZeroHeight => HasZeros ? CurveCount * LaneHeight + 8 : 0;

        public double NonFiniteHeight => NonFiniteLabel.Length > 0 ? CurveCount * LaneHeight + 8 : 0;

        public static Strips Of(Chart chart, List<List<DecimatedLine>> lines)
        {
            var values = chart.Curves.SelectMany(curve => curve.Lines).SelectMany(line => line.Points).Select(point => point.Y).ToList();
            string?[] parts = [values.Any(double.IsInfinity) ? "∞" : null, values.Any(double.IsNaN) ? "NaN" : null];
            var crosses = chart.Curves.SelectMany(curve => curve.Crosses.CountBy(x => x)).Select(count => count.Value).DefaultIfEmpty(0).Max();
            return new Strips(chart.Curves.Count, lines.Any(curve => curve.Any(line => line.Zeros.Count > 0)),
                string.Join(", ", parts.OfType<string>()), crosses);
        }

        public static double Lane(int curve) => 4 + curve * LaneHeight;
    }
}
