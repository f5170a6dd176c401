using FixupNet.Runs.Files;
using FixupNet.Runs.Records;

namespace FixupNet.Reporting.Figures;

/// <summary>Training and test curves: for each depth the loss and the accuracy against epochs, a line a seed.</summary>
internal static class TrainingFigures
{
    private static readonly int MostSeries = SeriesStyle.Count / 2; // the other half of the styles, dashed, is for the test

    /// <summary>Makes the figures, the deepest first.</summary>
    /// <exception cref="InvalidDataException">A file of metrics is damaged.</exception>
    public static IReadOnlyList<Figure> Of(IReadOnlyList<SweepSeries> allSeries) =>
    [
        .. allSeries.SelectMany(series => series.Groups).Select(SweepSeries.Depth).Distinct().OrderDescending()
            .SelectMany(depth => AtDepth(allSeries, depth)),
    ];

    private static IEnumerable<Figure> AtDepth(IReadOnlyList<SweepSeries> allSeries, double? depth)
    {
        var here = allSeries.Where(series => series.Groups.Any(group => SweepSeries.Depth(group) == depth)).ToList();
        var curves = here.Where(series => series.Index < MostSeries).Select(series => Read(series, depth)).Where(curve => curve.HasSomething).ToList();
        if (curves.Count == 0) return [];
        var place = depth is { } layers ? $" at depth {Axis.Thousands(layers)}" : "";
        var suffix = depth is null ? "" : Figure.Slug($"-depth-{depth:0.###}") is var slug ? $"-{slug}" : "";
        var leftOut = here.Count(series => series.Index >= MostSeries);
        return
        [
            Make($"loss{suffix}", $"Loss{place}", new ChartAxis("loss (cross-entropy)", AxisScale.Logarithmic), curves, line => line.Loss, leftOut),
            Make($"accuracy{suffix}", $"Accuracy{place}", new ChartAxis("accuracy (%)", AxisScale.Percent), curves, line => line.Accuracy * 100, leftOut),
        ];
    }

    private static Curve Read(SweepSeries series, double? depth) => new(series,
    [
        .. series.Groups.Where(group => SweepSeries.Depth(group) == depth).SelectMany(group => group.Trials).Select(trial => new Run(trial,
            File.Exists(trial.Directory.MetricsFile) ? [.. JsonLinesReader.ReadAll<MetricsLine>(trial.Directory.MetricsFile)] : [])),
    ]);

    private static Chart Make(
        string name, string title, ChartAxis axis, List<Curve> curves, Func<MetricsLine, double> value, int leftOut) => new(
        name, title, Description(title, curves, value), new ChartAxis("epoch", AxisScale.Linear), axis,
        [
            .. curves.SelectMany(curve => new[]
            {
                CurveOf(curve, MetricsSplit.Train, value) with { Crosses = [.. curve.Runs.Select(run => run.DivergedAt).OfType<double>()] },
                CurveOf(curve, MetricsSplit.Test, value),
            }).Where(curve => curve.Lines.Count + curve.Crosses.Count > 0),
        ],
        leftOut);

    private static ChartCurve CurveOf(Curve curve, MetricsSplit split, Func<MetricsLine, double> value)
    {
        var isTest = split == MetricsSplit.Test;
        var lines = curve.Runs.Select(run => new ChartLine($"seed {run.Trial.Plan.Seed}",
            [.. run.Lines.Where(line => line.Split == split).Select(line => new ChartPoint(line.Epoch, value(line)))])).Where(line => line.Points.Count > 0);
        return new ChartCurve($"{curve.Series.Label} {(isTest ? "test" : "training")}".TrimStart(),
            curve.Series.Index + (isTest ? MostSeries : 0), [.. lines]);
    }

    private static string Description(string title, List<Curve> curves, Func<MetricsLine, double> value)
    {
        var ends = curves.Select(curve => $"{curve.Series.Label}: {string.Join("; ", curve.Runs.Select(run => run.Describe(value)))}".TrimStart(':', ' '));
        return $"{title} against epochs, a line a seed; training solid, test dashed; a cross where a trial diverged. {string.Join(". ", ends)}.";
    }

    private sealed record Curve(SweepSeries Series, IReadOnlyList<Run> Runs)
    {
        public bool HasSomething => Runs.Any(run => run.Lines.Count > 0 || run.DivergedAt is not null);
    }

    private sealed record Run(SweepTrial Trial, IReadOnlyList<MetricsLine> Lines)
    {
        public double? DivergedAt => Trial.Summary is { State: TrialState.Diverged } summary ? summary.Epochs : null;

        public string Describe(Func<MetricsLine, double> value)
        {
            string Last(MetricsSplit split) => Lines.LastOrDefault(line => line.Split == split) is { } line ? DisplayText.Number(value(line), "G4") : "none";
            return $"seed {Trial.Plan.Seed} training {Last(MetricsSplit.Train)}, test {Last(MetricsSplit.Test)}"
                + (DivergedAt is { } epoch ? $", diverged at epoch {DisplayText.Number(epoch, "G3")}" : "");
        }
    }
}
