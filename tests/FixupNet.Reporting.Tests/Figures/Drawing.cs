using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace FixupNet.Reporting.Tests.Figures;

/// <summary>A drawn figure, read back: values come from pixels by way of the labels of the ticks, as a reader's eye takes them.</summary>
internal sealed partial class Drawing(string svg)
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    public XElement Root { get; } = XDocument.Parse(svg).Root!;

    public static Drawing Load(string path) => new(File.ReadAllText(path));

    /// <summary>Elements of a class, in the whole drawing or in the curve of a name.</summary>
    public IReadOnlyList<XElement> Elements(string kind, string? curve = null) =>
        [.. (curve is null ? Root : Curve(curve)).Descendants().Where(element => (string?)element.Attribute("class") == kind)];

    public XElement Curve(string name) => Elements("curve").Single(curve => curve.Element(Svg + "title")?.Value == name);

    /// <summary>Texts of the ticks of an axis; "10^-5" for a power.</summary>
    public IReadOnlyList<string> Labels(string axis) => [.. Elements(axis).Single().Elements(Svg + "text").Where(IsTick).Select(Label)];

    public IReadOnlyList<string> Texts() => [.. Root.Descendants(Svg + "text").Select(text => text.Value)];

    /// <summary>Middles of the markers of a class.</summary>
    public static (double X, double Y) Middle(XElement mark)
    {
        if (mark.Name == Svg + "circle") return (Read(mark, "cx"), Read(mark, "cy"));
        if (mark.Name == Svg + "path") // a cross, from its upper left corner
        {
            var corner = Points(mark.Attribute("d")!.Value)[0];
            return (corner.X + 3.5, corner.Y + 3.5);
        }
        var points = Points(mark.Attribute("points")!.Value);
        return (points.Average(point => point.X), points.Average(point => point.Y));
    }

    /// <summary>Pairs of numbers in the points of a polyline or in a path of absolute commands.</summary>
    public static IReadOnlyList<(double X, double Y)> Points(string text) =>
    [
        .. Pair().Matches(text).Select(match =>
            (double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture), double.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture))),
    ];

    /// <summary>A value on the lower axis.</summary>
    public double X(double pixel, bool isLogarithmic) => Value("x-axis", "x", 0, pixel, isLogarithmic);

    /// <summary>A value on the left axis.</summary>
    public double Y(double pixel, bool isLogarithmic) => Value("y-axis", "y", -4.5, pixel, isLogarithmic);

    private double Value(string axis, string coordinate, double shift, double pixel, bool isLogarithmic)
    {
        var ticks = Elements(axis).Single().Elements(Svg + "text").Where(IsTick)
            .Select(text => (Pixel: Read(text, coordinate) + shift, Place: Place(Label(text), isLogarithmic))).ToList();
        var (first, last) = (ticks[0], ticks[^1]);
        var place = first.Place + (pixel - first.Pixel) / (last.Pixel - first.Pixel) * (last.Place - first.Place);
        return isLogarithmic ? Math.Pow(10, place) : place;
    }

    private static double Place(string label, bool isLogarithmic)
    {
        if (label.StartsWith("10^", StringComparison.Ordinal)) return double.Parse(label[3..], CultureInfo.InvariantCulture);
        var value = double.Parse(label, NumberStyles.Number, CultureInfo.InvariantCulture);
        return isLogarithmic ? Math.Log10(value) : value;
    }

    private static bool IsTick(XElement text) => (string?)text.Attribute("class") == "tick";

    private static string Label(XElement text) => text.Element(Svg + "tspan") is { } exponent
        ? $"{text.Nodes().OfType<XText>().First().Value}^{exponent.Value.Replace('−', '-')}"
        : text.Value;

    private static double Read(XElement element, string attribute) => double.Parse(element.Attribute(attribute)!.Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"(-?[\d.]+)[ ,](-?[\d.]+)")]
    private static partial Regex Pair();
}
