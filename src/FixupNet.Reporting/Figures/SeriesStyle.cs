namespace FixupNet.Reporting.Figures;

/// <summary>How a curve looks: colour and marker differ together, so that the curves can be told apart in grey too.</summary>
/// <param name="index">Number of the curve, from 0, below <see cref="Count"/>.</param>
/// <remarks>The colours are those of Okabe and Ito, "Color Universal Design" (2008), which people with any form of colour blindness tell
/// apart; without their yellow, which is too faint on white.</remarks>
internal sealed class SeriesStyle(int index)
{
    private static readonly string[] Colors = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000"];

    private static readonly string[] MeanPatterns = ["none", "9 4", "2.5 3.5", "9 3 2 3", "15 4", "5 3", "1 5"];

    // Corners on a circle of radius 1: how many, and where the first lies, in degrees; 0 corners stand for the circle.
    private static readonly (int Corners, double Degrees)[] Shapes = [(0, 0), (4, 45), (3, -90), (4, 0), (3, 90), (5, -90), (6, 0)];

    /// <summary>How many curves look different: the second half has dashed lines and hollow markers.</summary>
    public static int Count => 2 * Colors.Length;

    /// <summary>Colour of the curve and of its markers.</summary>
    public string Color { get; } = Colors[index % Colors.Length];

    /// <summary>Lengths of dashes and gaps; "none" for a line without.</summary>
    public string Dashes { get; } = index < Colors.Length ? "none" : "6 3";

    /// <summary>The same for a line through means, which has no markers of its own to be told by.</summary>
    public string MeanDashes { get; } = index < Colors.Length ? MeanPatterns[index] : "6 3";

    /// <summary>Draws the curve's marker.</summary>
    /// <param name="canvas">The drawing.</param>
    /// <param name="x">Where its middle is.</param>
    /// <param name="y">Where its middle is.</param>
    /// <param name="radius">Its size in pixels.</param>
    /// <param name="kind">What it stands for.</param>
    public void Mark(SvgCanvas canvas, double x, double y, double radius, string kind)
    {
        var isHollow = index >= Colors.Length;
        (string, string)[] look =
        [
            ("class", kind), ("fill", isHollow ? "#ffffff" : Color),
            ("stroke", isHollow ? Color : "#ffffff"), ("stroke-width", isHollow ? "1.4" : "0.8"),
        ];
        var (corners, degrees) = Shapes[index % Shapes.Length];
        if (corners == 0)
            canvas.Element("circle", [("cx", SvgCanvas.Number(x)), ("cy", SvgCanvas.Number(y)), ("r", SvgCanvas.Number(radius)), .. look]);
        else canvas.Element("polygon", [("points", Points(x, y, radius * 1.25, corners, degrees)), .. look]); // as large as the circle to the eye
    }

    private static string Points(double x, double y, double radius, int corners, double degrees) =>
        string.Join(' ', Enumerable.Range(0, corners).Select(corner => double.DegreesToRadians(degrees + 360.0 * corner / corners))
            .Select(angle => $"{SvgCanvas.Number(x + radius * Math.Cos(angle))},{SvgCanvas.Number(y + radius * Math.Sin(angle))}"));
}
