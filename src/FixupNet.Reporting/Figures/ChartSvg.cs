namespace FixupNet.Reporting.Figures;

/// <summary>Draws a chart as SVG. What a logarithmic axis cannot show lies in strips beside it: zeros below, what is not finite above,
/// and how many trials diverged at the very bottom.</summary>
internal sealed class ChartSvg
{
    private const double Gap = 6;
    private const string SampleColor = "#444444";

    private readonly Chart _chart;
    private readonly SvgCanvas _canvas;
    private readonly Axis _x;
    private readonly List<List<DecimatedLine>> _lines;
    private readonly ChartStrips _strips;

    private ChartSvg(Chart chart)
    {
        _chart = chart;
        _canvas = new SvgCanvas(Plot.Width, Plot.Height, chart.Title, chart.Description);
        _x = LowerAxis(chart);
        _lines = [.. chart.Curves.Select(curve => curve.Lines.Select(line => Decimate(line)).ToList())];
        _strips = ChartStrips.Of(chart, _lines);
    }

    /// <summary>Draws a chart.</summary>
    public static string Draw(Chart chart) => new ChartSvg(chart).Draw();

    private string Draw()
    {
        var legend = LegendOf();
        var top = legend.Bottom + 10;
        var (crosses, zeros, nonFinite) = (_strips.CrossHeight, _strips.ZeroHeight, _strips.NonFiniteHeight);
        var pixels = new PixelRange(Plot.Bottom - crosses - zeros - (crosses + zeros > 0 ? Gap : 0), top + nonFinite + (nonFinite > 0 ? Gap : 0));
        var y = LeftAxis(_chart, pixels);

        if (nonFinite > 0) Plot.Strip(_canvas, new PixelRange(top + nonFinite, top), _strips.NonFiniteLabel);
        if (crosses > 0) Plot.Strip(_canvas, new PixelRange(Plot.Bottom, Plot.Bottom - crosses), "diverged");
        if (zeros > 0) Plot.Strip(_canvas, new PixelRange(Plot.Bottom - crosses, Plot.Bottom - crosses - zeros), "0");
        Plot.LeftAxis(_canvas, y, pixels, _chart.Y.Caption);
        Plot.LowerAxis(_canvas, _x, _chart.X.Caption);
        var curves = new CurveSvg(_canvas, _chart, _x, y, pixels);
        for (var index = 0; index < _chart.Curves.Count; index++)
        {
            _canvas.Open("g", ("class", "curve"));
            if (_chart.Curves[index].Label.Length > 0) _canvas.Title(_chart.Curves[index].Label);
            curves.Draw(index, _lines[index], top + ChartStrips.Lane(index), Plot.Bottom - crosses - zeros + ChartStrips.Lane(index));
            if (_strips.CrossMiddle(index) is { } middle) curves.DrawCrosses(_chart.Curves[index], Plot.Bottom - crosses + middle);
            _canvas.Close();
        }
        legend.Draw(_canvas);
        return _canvas.Finish();
    }

    private DecimatedLine Decimate(ChartLine line) => DecimatedLine.Of(line.Points, _chart.Y, x => (int)Math.Floor(_x.Pixel(x)));

    private static Axis LowerAxis(Chart chart)
    {
        double[] values = [.. chart.Curves.SelectMany(curve => curve.Places())];
        return chart.X.Scale switch
        {
            AxisScale.Index => Axis.Index((int)values.DefaultIfEmpty(1).Max(), Plot.Horizontal),
            AxisScale.Names => Axis.Names(chart.X.Names, Plot.Horizontal),
            AxisScale.Values => Axis.LogarithmicAt([.. values.DefaultIfEmpty(1)], Plot.Horizontal),
            // Places far from 0, such as accuracies of a point a network, fill the axis.
            _ when values.Length > 0 && values.Min() is var least && values.Max() is var most && least > most / 2 && least < most => Axis.Linear(least, most, Plot.Horizontal),
            _ => Axis.Linear(Math.Min(0, values.DefaultIfEmpty(0).Min()), Math.Max(values.DefaultIfEmpty(1).Max(), 1e-9), Plot.Horizontal),
        };
    }

    private static Axis LeftAxis(Chart chart, PixelRange pixels)
    {
        double[] values = [.. chart.Curves.SelectMany(curve => curve.Values()).Where(chart.Y.Shows)];
        var isLogarithmic = chart.Y.Scale == AxisScale.Logarithmic;
        if (values.Length == 0) return isLogarithmic ? Axis.Decades(1, 1, pixels) : Axis.Linear(0, 100, pixels);
        var (least, most) = (values.Min(), values.Max());
        if (isLogarithmic) return most / least is > 1.01 and < 8 ? Axis.Narrow(least, most, pixels) : Axis.Decades(least, most, pixels);
        var room = 0.04 * (most - least);
        return chart.Y.Scale == AxisScale.Percent
            ? Axis.Linear(Math.Max(0, least - Math.Max(room, 0.2)), Math.Min(100, most + Math.Max(room, 0.2)), pixels)
            : Axis.Linear(Math.Min(0, least), Math.Max(most + room, Math.Min(0, least) + 1e-9), pixels);
    }

    private Legend LegendOf()
    {
        var legend = new Legend(Plot.Horizontal);
        foreach (var curve in _chart.Curves) legend.Add(curve.FullLabel, (x, y) => MarkSvg.Sample(_canvas, curve, x, y));
        if (_chart.Curves.Any(curve => curve.Dots.Count > 0)) legend.Add("one seed", (x, y) => _canvas.Element(
            "circle", ("cx", SvgCanvas.Number(x)), ("cy", SvgCanvas.Number(y)), ("r", "2.8"), ("fill", SampleColor), ("fill-opacity", "0.55")));
        if (_chart.Curves.Any(curve => curve.Intervals.Count > 0)) legend.Add("95 % interval of the mean", (x, y) => MarkSvg.Bar(_canvas, x, (y - 6, y + 6), SampleColor, "sample"));
        if (_chart.Curves.Any(curve => curve.Band.Count > 0)) legend.Add(_chart.BandLabel, (x, y) => _canvas.Element(
            "rect", ("x", SvgCanvas.Number(x - 11)), ("y", SvgCanvas.Number(y - 5)), ("width", "22"), ("height", "10"), ("fill", SampleColor), ("fill-opacity", "0.2")));
        if (_strips.CrossHeight > 0) legend.Add("diverged", (x, y) => MarkSvg.Cross(_canvas, x, y, SampleColor, "sample"));
        if (_chart.LeftOut > 0) legend.Add($"{_chart.LeftOut} more not drawn", (_, _) => { });
        return legend;
    }
}
