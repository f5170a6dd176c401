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

    /// <summary>One object with a member for each chart.</summary>
    public static string Of(IEnumerable<Chart> charts) => JsonSerializer.Serialize(charts.ToDictionary(chart => chart.Name, Of), Json);

    /// <summary>The gradient norms of all trials, for the chooser.</summary>
    public static string Of(GradientRuns gradients)
    {
        var networks = new List<IReadOnlyList<string>>();
        int Network(IReadOnlyList<string> layers) // most trials share one
        {
            var index = networks.FindIndex(known => known.SequenceEqual(layers));
            if (index < 0) networks.Add(layers);
            return index < 0 ? networks.Count - 1 : index;
        }
        var runs = gradients.Runs.Select(run => Of(run, Network(run.Norms.Layers))).ToList();
        var axis = gradients.Axis.Key is null ? null : gradients.Axis.ChartAxis(gradients.Series);
        return JsonSerializer.Serialize(
            new
            {
                Axis = axis is null ? null : new { axis.Label, axis.Caption, gradients.Axis.Name, axis.Scale, gradients.Axis.Phrase },
                Methods = gradients.Series.Take(SeriesStyle.Count).Select(series => new { series.Label, series.Style }),
                StepStyles = Enumerable.Range(0, SeriesStyle.ColorCount).Select(index => SeriesStyle.InOrder(index, SeriesStyle.ColorCount)),
                LeftOut = Math.Max(0, gradients.Series.Count - SeriesStyle.Count),
                Colors = ColorScale.StopColors,
                Networks = networks,
                Runs = runs,
            }, Json);
    }

    private static object Of(GradientRun run, int network) => new
    {
        Method = run.Series,
        run.Place,
        run.Seed,
        Network = network,
        LayerCount = run.Norms.Layers.Count,
        run.Norms.LayersPerRow,
        Steps = run.Norms.Steps.Select(step => step.Step),
        Total = run.Norms.Steps.Select(step => Short(step.Total)),
        First = run.Norms.Steps.Select(step => Short(step.First)),
        Last = run.Norms.Steps.Select(step => Short(step.Last)),
        Least = run.Norms.LayersPerRow == 1 ? null : Encode(run.Norms.Steps.Select(step => step.Least)),
        Largest = Encode(run.Norms.Steps.Select(step => step.Largest)),
    };

    private static string Encode(IEnumerable<ushort[]> codes) =>
        Convert.ToBase64String([.. codes.SelectMany(column => column).SelectMany(code => new[] { (byte)code, (byte)(code >> 8) })]);

    private static object Of(Chart chart)
    {
        var places = chart.Curves.SelectMany(curve => curve.Lines).SelectMany(line => line.Points).Select(point => point.X).DefaultIfEmpty(0).ToList();
        var (least, width) = (places.Min(), Math.Max(places.Max() - places.Min(), double.Epsilon));
        int Column(double x) => (int)((x - least) / width * MostColumns);
        return new { chart.Title, chart.X, chart.Y, chart.LeftOut, chart.BandLabel, Curves = chart.Curves.Select(curve => Of(curve, chart.Y, Column)) };
    }

    private static object Of(ChartCurve curve, ChartAxis axis, Func<double, int> columnOf) => new
    {
        Label = curve.FullLabel,
        curve.Style,
        curve.IsSummary,
        Lines = curve.Lines.Select(line => Of(line.Name, DecimatedLine.Of(line.Points, axis, columnOf))),
        Dots = curve.Dots.Select(dot => new[] { dot.X, Short(dot.Y) }),
        Intervals = curve.Intervals.Select(Of),
        Band = curve.Band.Select(Of),
        curve.Crosses,
    };

    private static double[] Of(ChartInterval interval) => [interval.X, Short(interval.Low), Short(interval.High), interval.Count];

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

    // Six digits are more than any screen shows.
    private static double Short(double value) => double.IsFinite(value) ? double.Parse(value.ToString("G6")) : value;
}
