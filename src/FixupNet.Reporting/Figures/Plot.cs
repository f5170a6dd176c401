namespace FixupNet.Reporting.Figures;

/// <summary>What all figures share: their size, and how axes are drawn.</summary>
internal static class Plot
{
    public const int Width = 720;
    public const int Height = 440;
    public const double Left = 82;
    public const double Right = Width - 30;
    public const double Bottom = Height - 52;
    private const string Ink = "#444444";

    /// <summary>From left to right.</summary>
    public static PixelRange Horizontal => new(Left, Right);

    /// <summary>Draws the lower axis.</summary>
    public static void LowerAxis(SvgCanvas canvas, Axis axis, string label, double right = Right)
    {
        canvas.Open("g", ("class", "x-axis"), ("text-anchor", "middle"));
        foreach (var tick in axis.Ticks)
        {
            canvas.Line(tick.Pixel, Bottom, tick.Pixel, Bottom + 5, Ink);
            if (tick.Label.Length > 0) canvas.Text(tick.Pixel, Bottom + 19, tick.Label, ("class", "tick"));
        }
        canvas.Line(Left, Bottom, right, Bottom, Ink);
        canvas.Text((Left + right) / 2, Height - 12, label);
        canvas.Close();
    }

    /// <summary>Draws the left axis and its grid.</summary>
    public static void LeftAxis(SvgCanvas canvas, Axis axis, PixelRange pixels, string label, bool hasGrid = true)
    {
        canvas.Open("g", ("class", "y-axis"), ("text-anchor", "end"));
        foreach (var tick in axis.Ticks)
        {
            var isMajor = tick.Label.Length > 0;
            if (isMajor && hasGrid) canvas.Line(Left, tick.Pixel, Right, tick.Pixel, "#e4e4e4");
            canvas.Line(Left - (isMajor ? 5 : 3), tick.Pixel, Left, tick.Pixel, Ink);
            if (isMajor) canvas.Text(Left - 9, tick.Pixel + 4.5, tick.Label, tick.Exponent, ("class", "tick"));
        }
        canvas.Line(Left, pixels.Start, Left, pixels.End, Ink);
        var middle = (pixels.Start + pixels.End) / 2;
        canvas.Text(18, middle, label, ("text-anchor", "middle"), ("transform", $"rotate(-90 18 {SvgCanvas.Number(middle)})"));
        canvas.Close();
    }

    /// <summary>Draws a strip beside the left axis, for what has no place on it.</summary>
    public static void Strip(SvgCanvas canvas, PixelRange pixels, string label)
    {
        canvas.Element("rect", ("class", "strip"), ("x", SvgCanvas.Number(Left)), ("y", SvgCanvas.Number(pixels.End)),
            ("width", SvgCanvas.Number(Right - Left)), ("height", SvgCanvas.Number(pixels.Start - pixels.End)), ("fill", "#f2f2f2"));
        if (label.Length > 0) canvas.Text(Left - 9, (pixels.Start + pixels.End) / 2 + 4.5, label, ("text-anchor", "end"), ("class", "strip-label"));
    }
}
