using System.Text.Json;
using System.Text.Json.Serialization;
using FixupNet.Reporting.Figures;

namespace FixupNet.Reporting.Page;

/// <summary>The figures as JSON, which the page's script draws.</summary>
internal static class PageData
{
    private const int MostColumns = 1000; // of pixels, on a wide screen

    // The default encoder escapes < and >, so that no text can end the element the JSON lies in.
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>One object with a member for each figure.</summary>
    public static string Of(IEnumerable<Figure> figures) =>
        JsonSerializer.Serialize(figures.ToDictionary(figure => figure.Name, figure => figure is Chart chart ? Of(chart) : Of((HeatMap)figure)), Json);

    private static object Of(Chart chart)
    {
        var places = chart.Curves.SelectMany(curve => curve.Lines).SelectMany(line => line.Points).Select(point => point.X).DefaultIfEmpty(0).ToList();
        var (least, width) = (places.Min(), Math.Max(places.Max() - places.Min(), double.Epsilon));
        int Column(double x) => (int)((x - least) / width * MostColumns);
        return new { Kind = "chart", chart.Title, chart.X, chart.Y, chart.LeftOut, Curves = chart.Curves.Select(curve => Of(curve, chart.Y, Column)) };
    }

    private static object Of(ChartCurve curve, ChartAxis axis, Func<double, int> columnOf) => new
    {
        Label = curve.FullLabel,
        curve.Style,
        Lines = curve.Lines.Select(line => Of(line.Name, DecimatedLine.Of(line.Points, axis, columnOf))),
        Dots = curve.Dots.Select(dot => new[] { dot.X, Short(dot.Y) }),
        Intervals = curve.Intervals.Select(interval => new[] { interval.X, Short(interval.Low), Short(interval.High) }),
        curve.Crosses,
    };

    private static object Of(string name, DecimatedLine line)
    {
        var (x, y) = (new List<double>(), new List<double?>());
        foreach (var run in line.Runs)
        {
            if (x.Count > 0)
            {
                x.Add((x[^1] + run[0].X) / 2); // nothing is drawn across a break
                y.Add(null);
            }
            x.AddRange(run.Select(point => Short(point.X)));
            y.AddRange(run.Select(point => (double?)Short(point.Y)));
        }
        return new { name, x, y, Zeros = line.Zeros.Select(point => point.X), NonFinite = line.NonFinite.Select(point => new object[] { point.X, point.Y }) };
    }

    private static object Of(HeatMap map)
    {
        var range = map.Range();
        var codes = map.Codes.SelectMany(column => column).SelectMany(code => new[] { (byte)code, (byte)(code >> 8) }).ToArray();
        return new
        {
            Kind = "map", map.Title, map.Steps, map.LayerCount, map.LayersPerRow, map.RowCount, range?.Low, range?.High,
            Colors = ColorScale.StopColors, Codes = Convert.ToBase64String(codes),
        };
    }

    // Six digits are more than any screen shows.
    private static double Short(double value) => double.IsFinite(value) ? double.Parse(value.ToString("G6")) : value;
}
