using FixupNet.Reporting.Results;
using FixupNet.Reporting.Tables;
using FixupNet.Runs;
using FixupNet.Runs.Metrics;
using FixupNet.Runs.Records;

namespace FixupNet.Reporting.Figures;

/// <summary>Training and test curves: for each place of the sweep's axis every metric against epochs. Few seeds are a line each, many a
/// line through their means with a band from the least to the largest.</summary>
internal static class TrainingFigures
{
    /// <summary>Makes the figures, those of the largest place first.</summary>
    /// <exception cref="InvalidDataException">A file of metrics is damaged.</exception>
    public static IReadOnlyList<Figure> Of(MetricCatalog metrics, SweepAxis axis, IReadOnlyList<SweepSeries> allSeries) =>
    [
        .. allSeries.SelectMany(series => series.Groups).Select(axis.Value).Distinct().OrderDescending()
            .SelectMany(place => At(metrics, axis, allSeries, place)),
    ];

    private static IEnumerable<Figure> At(MetricCatalog metrics, SweepAxis axis, IReadOnlyList<SweepSeries> allSeries, double? place)
    {
        var here = allSeries.Where(series => series.Groups.Any(group => axis.Value(group) == place)).ToList();
        var curves = here.Take(SeriesStyle.Count).Select(series => Read(axis, series, place)).Where(curve => curve.HasSomething).ToList();
        if (curves.Count == 0) return [];
        var where = axis.PlaceText(place) is { Length: > 0 } text ? $" at {text}" : "";
        var suffix = place is null || axis.Key is null ? "" : $"-{Figure.Slug($"{axis.Name} {place}")}";
        var leftOut = here.Count - Math.Min(here.Count, SeriesStyle.Count);
        return NamesIn(curves, metrics).Select(metrics.Of).Select(metric => Make(
            $"{Metric.Words(metric.Name, '-')}{suffix}", $"{MetricCatalog.TitleOf(Metric.Words(metric.Name))}{where}", MetricFigure.AxisOf(metric, Metric.Words(metric.Name)),
            curves, line => line.Values[metric.Name] * DisplayText.UnitOf(metric).Scale, leftOut));
    }

    // Those that the lines have, in the tasks' order; of trials that diverged before their first line, all.
    private static IEnumerable<string> NamesIn(List<Curve> curves, MetricCatalog metrics)
    {
        HashSet<string> found = [.. curves.SelectMany(curve => curve.Runs).SelectMany(run => run.Lines).SelectMany(line => line.Values).Select(value => value.Name)];
        List<string> known = [.. metrics.All.Select(metric => metric.Name)];
        return [.. known.Where(name => found.Count == 0 || found.Contains(name)), .. found.Except(known)];
    }

    private static Curve Read(SweepAxis axis, SweepSeries series, double? place) => new(series,
    [
        .. series.Groups.Where(group => axis.Value(group) == place).SelectMany(group => group.Trials)
            .Select(trial => new Run(trial, [.. MetricsLog.Read(trial.Directory.MetricsFile)])),
    ]);

    private static Chart Make(
        string name, string title, ChartAxis axis, List<Curve> curves, Func<MetricsLine, double?> value, int leftOut) => new(
        name, title, Description(title, curves, value), new ChartAxis("epoch", AxisScale.Linear), axis,
        [
            .. curves.SelectMany(curve => new[]
            {
                CurveOf(curve, MetricsSplit.Train, value) with { Crosses = Crosses(curve) },
                CurveOf(curve, MetricsSplit.Test, value),
            }).Where(curve => curve.Lines.Count + curve.Crosses.Count > 0),
        ],
        leftOut);

    private static ChartCross[] Crosses(Curve curve) =>
        [.. curve.Runs.Select(run => run.DivergedAt).OfType<double>().CountBy(epoch => epoch).Select(count => new ChartCross(count.Key, count.Value, curve.Runs.Count))];

    private static ChartCurve CurveOf(Curve curve, MetricsSplit split, Func<MetricsLine, double?> value)
    {
        var isTest = split == MetricsSplit.Test;
        var (label, style) = ($"{curve.Series.Label} {(isTest ? "test" : "training")}".TrimStart(), isTest ? curve.Series.Style.ForTest() : curve.Series.Style);
        List<ChartLine> lines =
        [
            .. curve.Runs.Select(run => new ChartLine($"seed {run.Trial.Plan.Seed}",
                [.. run.Lines.Where(line => line.Split == split).Select(line => value(line) is { } y ? new ChartPoint(line.Epoch, y) : (ChartPoint?)null).OfType<ChartPoint>()])).Where(line => line.Points.Count > 0),
        ];
        if (lines.Count < Chart.ManySeeds) return new ChartCurve(label, style, lines);
        var places = lines.SelectMany(line => line.Points).GroupBy(point => point.X, point => point.Y).OrderBy(place => place.Key)
            .Select(place => (X: place.Key, Values: place.Where(double.IsFinite).ToList())).ToList();
        // What is not finite in some seeds only would hide the others' mean; a cross tells of it.
        return new ChartCurve(label, style, [new ChartLine("mean", [.. places.Select(place => new ChartPoint(place.X, place.Values.Count > 0 ? place.Values.Average() : double.NaN))])],
            $"mean of {lines.Count}")
        {
            Band = [.. places.Where(place => place.Values.Count > 1).Select(place => new ChartInterval(place.X, place.Values.Min(), place.Values.Max(), place.Values.Count))],
        };
    }

    private static string Description(string title, List<Curve> curves, Func<MetricsLine, double?> value)
    {
        var ends = curves.Select(curve => $"{curve.Series.Label}: {string.Join("; ", curve.Runs.Select(run => run.Describe(value)))}".TrimStart(':', ' '));
        return $"{title} against epochs, a line a seed, or from {Chart.ManySeeds} seeds on their mean with a band from the least to the largest of those still training; "
            + $"training solid, test dashed; a cross where trials diverged. {string.Join(". ", ends)}.";
    }

    private sealed record Curve(SweepSeries Series, IReadOnlyList<Run> Runs)
    {
        public bool HasSomething => Runs.Any(run => run.Lines.Count > 0 || run.DivergedAt is not null);
    }

    private sealed record Run(SweepTrial Trial, IReadOnlyList<MetricsLine> Lines)
    {
        public double? DivergedAt => Trial.Summary is { State: TrialState.Diverged } summary ? summary.Epochs : null;

        public string Describe(Func<MetricsLine, double?> value)
        {
            string Last(MetricsSplit split) => Lines.LastOrDefault(line => line.Split == split && value(line) is not null) is { } line ? DisplayText.Number(value(line), "G4") : "none";
            return $"seed {Trial.Plan.Seed} training {Last(MetricsSplit.Train)}, test {Last(MetricsSplit.Test)}"
                + (DivergedAt is { } epoch ? $", diverged at epoch {DisplayText.Number(epoch, "G3")}" : "");
        }
    }
}
