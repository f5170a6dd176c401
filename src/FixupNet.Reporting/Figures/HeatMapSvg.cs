using System.Text;

namespace FixupNet.Reporting.Figures;

/// <summary>Draws a map as SVG: the colours as an image of a pixel a cell, all else as lines.</summary>
internal static class HeatMapSvg
{
    private const double Top = 40;
    private const double MapRight = Plot.Right - 84; // the colour bar's place

    /// <summary>Draws a map.</summary>
    public static string Draw(HeatMap map)
    {
        var canvas = new SvgCanvas(Plot.Width, Plot.Height, map.Title, map.Description);
        var range = map.Range() is var (low, high) ? (Low: Math.Floor(low), High: Math.Max(Math.Floor(low) + 1, Math.Ceiling(high))) : (Low: -1.0, High: 0.0);
        DefineHatches(canvas);
        DrawCells(canvas, map, range);

        var upright = new PixelRange(Plot.Bottom, Top);
        Plot.LeftAxis(canvas, Axis.Index(map.LayerCount, upright), upright, "layer in forward order", hasGrid: false);
        Plot.LowerAxis(canvas, StepAxis(map), "step", MapRight);
        DrawBar(canvas, range);
        DrawKey(canvas);
        return canvas.Finish();
    }

    private static void DefineHatches(SvgCanvas canvas)
    {
        canvas.Open("defs");
        canvas.Open("pattern", ("id", "zero"), ("width", "5"), ("height", "5"), ("patternUnits", "userSpaceOnUse"));
        canvas.Element("rect", ("width", "5"), ("height", "5"), ("fill", "#ffffff"));
        canvas.Element("rect", ("x", "1.5"), ("y", "1.5"), ("width", "1.6"), ("height", "1.6"), ("fill", "#9a9a9a"));
        canvas.Close();
        canvas.Open("pattern", ("id", "non-finite"), ("width", "5"), ("height", "5"), ("patternUnits", "userSpaceOnUse"));
        canvas.Element("rect", ("width", "5"), ("height", "5"), ("fill", "#ffffff"));
        canvas.Element("path", ("d", "M-1 6L6 -1M-1 1L1 -1M4 6L6 4"), ("stroke", "#d0021b"), ("stroke-width", "1.8"));
        canvas.Close();
        canvas.Close();
    }

    private static void DrawCells(SvgCanvas canvas, HeatMap map, (double Low, double High) range)
    {
        // The last row may stand for fewer layers than the others; what would lie above the plot is cut off.
        var top = Plot.Bottom - (Plot.Bottom - Top) * map.RowCount * map.LayersPerRow / map.LayerCount;
        canvas.Open("clipPath", ("id", $"plot-{map.Name}"));
        canvas.Element("rect", ("x", Fine(Plot.Left)), ("y", Fine(Top)), ("width", Fine(MapRight - Plot.Left)), ("height", Fine(Plot.Bottom - Top)));
        canvas.Close();
        canvas.Open("g", ("clip-path", $"url(#plot-{map.Name})"));
        canvas.Element("image", ("x", Fine(Plot.Left)), ("y", Fine(top)), ("width", Fine(MapRight - Plot.Left)), ("height", Fine(Plot.Bottom - top)),
            ("preserveAspectRatio", "none"), ("image-rendering", "pixelated"),
            ("href", $"data:image/png;base64,{Convert.ToBase64String(Pixels(map, range))}"));
        DrawHatched(canvas, map, top, "zero", code => code == NormCode.Zero);
        DrawHatched(canvas, map, top, "non-finite", code => code >= NormCode.Infinite);
        canvas.Close();
    }

    private static byte[] Pixels(HeatMap map, (double Low, double High) range)
    {
        byte Color(ushort code) => NormCode.IsNumber(code)
            ? (byte)(1 + Math.Round((NormCode.Exponent(code) - range.Low) / (range.High - range.Low) * (ColorScale.Count - 1)))
            : (byte)0;
        return PngImage.Encode(
            [.. Enumerable.Range(0, map.RowCount).Reverse().Select(row => map.Codes.Select(column => Color(column[row])).ToArray())],
            ["#000000", .. Enumerable.Range(0, ColorScale.Count).Select(ColorScale.At)]);
    }

    // One path of all stretches of cells that have no colour, for a hatch is told from any colour.
    private static void DrawHatched(SvgCanvas canvas, HeatMap map, double top, string kind, Func<ushort, bool> isOfKind)
    {
        var (width, height) = ((MapRight - Plot.Left) / map.Steps.Count, (Plot.Bottom - top) / map.RowCount);
        var path = new StringBuilder();
        for (var column = 0; column < map.Codes.Count; column++)
        {
            var cells = map.Codes[column];
            for (int row = 0, end; row < cells.Length; row = end)
            {
                for (end = row + 1; end < cells.Length && isOfKind(cells[end]) == isOfKind(cells[row]);) end++;
                if (isOfKind(cells[row]))
                    path.Append($"M{Fine(Plot.Left + column * width)} {Fine(Plot.Bottom - row * height)}h{Fine(width)}v{Fine((row - end) * height)}h{Fine(-width)}z");
            }
        }
        if (path.Length > 0) canvas.Element("path", ("class", kind), ("d", path.ToString()), ("fill", $"url(#{kind})"));
    }

    // A tick in the middle of the column of each of some recorded steps.
    private static Axis StepAxis(HeatMap map)
    {
        var width = (MapRight - Plot.Left) / map.Steps.Count;
        int[] columns = [.. Enumerable.Range(0, 7).Select(part => (int)Math.Round((map.Steps.Count - 1) * part / 6.0)).Distinct()];
        return Axis.At([.. columns.Select(column => new AxisTick(Plot.Left + (column + 0.5) * width, Axis.Thousands(map.Steps[column])))]);
    }

    private static void DrawBar(SvgCanvas canvas, (double Low, double High) range)
    {
        var (left, height) = (MapRight + 26, (Plot.Bottom - Top) / ColorScale.Count);
        for (var index = 0; index < ColorScale.Count; index++)
            canvas.Element("rect", ("x", Fine(left)), ("y", Fine(Plot.Bottom - (index + 1) * height)), ("width", "14"), ("height", Fine(height)),
                ("fill", ColorScale.At(index)), ("shape-rendering", "crispEdges"));
        var axis = Axis.Decades(Math.Pow(10, Math.Max(range.Low, -323)), Math.Pow(10, Math.Min(range.High, 308)), new PixelRange(Plot.Bottom, Top));
        foreach (var tick in axis.Ticks.Where(tick => tick.Label.Length > 0))
        {
            canvas.Line(left + 14, tick.Pixel, left + 18, tick.Pixel, "#444444");
            canvas.Text(left + 21, tick.Pixel + 4.5, tick.Label, tick.Exponent);
        }
    }

    private static void DrawKey(SvgCanvas canvas)
    {
        canvas.Text(Plot.Left, 24, "colour: gradient norm (L2)");
        foreach (var (x, fill, text) in new[] { (Plot.Left + 200, "url(#zero)", "exactly 0"), (Plot.Left + 310, "url(#non-finite)", "∞ or NaN") })
        {
            canvas.Element("rect", ("x", Fine(x)), ("y", "12"), ("width", "20"), ("height", "14"), ("fill", fill), ("stroke", "#444444"));
            canvas.Text(x + 26, 24, text);
        }
    }

    private static string Fine(double value) => value.ToString("0.##", System.Globalization.CultureInfo.InvariantCulture);
}
