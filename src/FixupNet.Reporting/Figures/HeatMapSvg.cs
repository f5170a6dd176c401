using System.Text;

namespace FixupNet.Reporting.Figures;

/// <summary>Draws a map as SVG: all cells of one colour are one path, which keeps the file small and sharp at any size.</summary>
internal static class HeatMapSvg
{
    private const double Top = 40;
    private const double MapRight = Plot.Right - 84; // the colour bar's place
    private const int ZeroColor = -1;
    private const int NonFiniteColor = -2;
    private const int NoColor = -3;

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
        var (width, height) = ((MapRight - Plot.Left) / map.Steps.Count, (Plot.Bottom - Top) / map.LayerCount);
        var paths = new SortedDictionary<int, StringBuilder>();
        for (var column = 0; column < map.Codes.Count; column++)
        {
            var cells = map.Codes[column];
            for (int row = 0, end; row < cells.Length; row = end)
            {
                var color = ColorOf(cells[row], range);
                for (end = row + 1; end < cells.Length && ColorOf(cells[end], range) == color;) end++;
                if (color == NoColor) continue;
                if (!paths.TryGetValue(color, out var path)) paths[color] = path = new StringBuilder();
                var layers = Math.Min(end * map.LayersPerRow, map.LayerCount);
                path.Append($"M{Fine(Plot.Left + column * width)} {Fine(Plot.Bottom - row * map.LayersPerRow * height)}")
                    .Append($"h{Fine(width)}v{Fine(-(layers - row * map.LayersPerRow) * height)}h{Fine(-width)}z");
            }
        }
        foreach (var (color, path) in paths)
            canvas.Element("path", ("class", "cells"), ("d", path.ToString()), ("fill", Fill(color)), ("shape-rendering", "crispEdges"));
    }

    private static int ColorOf(ushort code, (double Low, double High) range) => code switch
    {
        NormCode.None => NoColor,
        NormCode.Zero => ZeroColor,
        >= NormCode.Infinite => NonFiniteColor,
        _ => (int)Math.Round((NormCode.Exponent(code) - range.Low) / (range.High - range.Low) * (ColorScale.Count - 1)),
    };

    private static string Fill(int color) => color == ZeroColor ? "url(#zero)" : color == NonFiniteColor ? "url(#non-finite)" : ColorScale.At(color);

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
