namespace FixupNet.Reporting.Figures;

/// <summary>Draws the marks of curves as SVG.</summary>
internal static class MarkSvg
{
    /// <summary>Draws a curve's marker.</summary>
    /// <param name="canvas">The drawing.</param>
    /// <param name="style">How the curve looks.</param>
    /// <param name="place">The marker's middle.</param>
    /// <param name="radius">Its size in pixels.</param>
    /// <param name="kind">What it stands for.</param>
    public static void Mark(SvgCanvas canvas, SeriesStyle style, (double X, double Y) place, double radius, string kind)
    {
        (string, string)[] look =
        [
            ("class", kind), ("fill", style.IsHollow ? "#ffffff" : style.Light),
            ("stroke", style.IsHollow ? style.Light : "#ffffff"), ("stroke-width", style.IsHollow ? "1.4" : "0.8"),
        ];
        if (style.Corners == 0)
            canvas.Element("circle", [("cx", SvgCanvas.Number(place.X)), ("cy", SvgCanvas.Number(place.Y)), ("r", SvgCanvas.Number(radius)), .. look]);
        else canvas.Element("polygon", [("points", Points(style, place, radius * 1.25)), .. look]); // as large as the circle to the eye
    }

    /// <summary>Draws a bar with caps; an end that is cut off has none, and makes it faint.</summary>
    /// <param name="canvas">The drawing.</param>
    /// <param name="x">Where it is.</param>
    /// <param name="ends">Its upper and its lower end.</param>
    /// <param name="color">Its colour.</param>
    /// <param name="kind">What it stands for.</param>
    /// <param name="caps">Whether the upper and the lower end have a cap.</param>
    public static void Bar(SvgCanvas canvas, double x, (double Top, double Bottom) ends, string color, string kind, (bool Top, bool Bottom)? caps = null)
    {
        var (hasTop, hasBottom) = caps ?? (true, true);
        canvas.Element("path", ("class", kind), ("stroke", color), ("stroke-width", "1.4"), ("stroke-opacity", hasTop && hasBottom ? "1" : "0.4"), ("fill", "none"),
            ("d", $"M{SvgCanvas.Number(x)} {SvgCanvas.Number(ends.Bottom)}L{SvgCanvas.Number(x)} {SvgCanvas.Number(ends.Top)}"
                + (hasTop ? "m-4 0h8" : "") + (hasBottom ? $"M{SvgCanvas.Number(x - 4)} {SvgCanvas.Number(ends.Bottom)}h8" : "")));
    }

    /// <summary>Draws a cross.</summary>
    public static void Cross(SvgCanvas canvas, double x, double y, string color, string kind) => canvas.Element(
        "path", ("class", kind), ("d", $"M{SvgCanvas.Number(x - 3.5)} {SvgCanvas.Number(y - 3.5)}l7 7m0 -7l-7 7"), ("stroke", color),
        ("stroke-width", "2"), ("fill", "none"));

    /// <summary>Draws how a curve looks, for a legend.</summary>
    public static void Sample(SvgCanvas canvas, ChartCurve curve, double x, double y)
    {
        canvas.Element("path", ("d", $"M{SvgCanvas.Number(x - 11)} {SvgCanvas.Number(y)}h22"), ("stroke", curve.Style.Light), ("stroke-width", "2"),
            ("stroke-dasharray", Dashes(curve)), ("fill", "none"));
        Mark(canvas, curve.Style, (x, y), 4.2, "sample");
    }

    /// <summary>Dashes of a curve's lines as SVG has them.</summary>
    public static string Dashes(ChartCurve curve) =>
        (curve.IsSummary ? curve.Style.MeanDashes : curve.Style.Dashes) is { Count: > 0 } dashes ? string.Join(' ', dashes.Select(SvgCanvas.Number)) : "none";

    private static string Points(SeriesStyle style, (double X, double Y) place, double radius) =>
        string.Join(' ', Enumerable.Range(0, style.Corners).Select(corner => double.DegreesToRadians(style.Degrees + 360.0 * corner / style.Corners))
            .Select(angle => $"{SvgCanvas.Number(place.X + radius * Math.Cos(angle))},{SvgCanvas.Number(place.Y + radius * Math.Sin(angle))}"));
}
