using FixupNet.Reporting.Results;
using FixupNet.Reporting.Tables;

namespace FixupNet.Reporting.Figures;

/// <summary>For each combination of the grid, its first seed's gradient norms: against layers at chosen steps, and as a map of layers and
/// steps. The page has all seeds, in its chooser.</summary>
internal static class GradientHistoryFigures
{
    private const int MostGroups = 16; // files that anybody looks through; the deepest networks are the ones to look at

    /// <summary>Makes the figures, the largest place on the axis first.</summary>
    /// <exception cref="InvalidDataException">A file of gradient norms is damaged.</exception>
    public static IReadOnlyList<Figure> Of(SweepAxis axis, IReadOnlyList<SweepSeries> allSeries) =>
    [
        .. allSeries.SelectMany(series => series.Groups.Select(group => (Series: series, Group: group)))
            .OrderByDescending(pair => axis.Value(pair.Group)).Take(MostGroups).SelectMany(pair => OfGroup(axis, pair.Series, pair.Group)),
    ];

    private static IEnumerable<Figure> OfGroup(SweepAxis axis, SweepSeries series, SweepGroup group)
    {
        foreach (var trial in group.Trials)
        {
            if (GradientHistory.Read(trial.Directory.GradientNormsFile) is not { } history) continue;
            var place = axis.Value(group);
            string[] parts = [series.Label, axis.PlaceText(place), $"seed {trial.Plan.Seed}"];
            var about = string.Join(", ", parts.Where(part => part.Length > 0));
            var slug = Figure.Slug($"{series.Index} {series.Label} {(place is null ? "" : $"{axis.Name} {place}")}");
            return [AtSteps(history, about, slug), Map(history, about, slug)];
        }
        return [];
    }

    private static Chart AtSteps(GradientHistory history, string about, string slug)
    {
        var curves = history.Chosen.Select((line, index) =>
            new ChartCurve($"step {Axis.Thousands(line.Step)}", SeriesStyle.InOrder(index, history.Chosen.Count), [GradientNormFigure.LineOf("norms", line.Norms)]));
        var ends = history.Chosen.Select(line => $"step {Axis.Thousands(line.Step)}: {DisplayText.Number(line.Norms[0], "G3")} in the first layer, "
            + $"{DisplayText.Number(line.Norms[^1], "G3")} in the last, {line.Norms.Count(norm => norm == 0)} of {line.Norms.Count} exactly 0");
        return new Chart($"gradient-norms-at-steps-{slug}", $"Gradient norm of every layer at chosen steps: {about}",
            $"L2 norm of the gradient of every layer in forward order. {string.Join("; ", ends)}.",
            new ChartAxis($"layer in forward order{GradientNormFigure.Ends([history.Layers])}", AxisScale.Index), GradientNormFigure.NormAxis, [.. curves]);
    }

    private static HeatMap Map(GradientHistory history, string about, string slug)
    {
        var cell = history.LayersPerRow == 1 ? "" : $" A cell stands for {history.LayersPerRow} layers and shows their largest norm, and what is not finite before that.";
        var codes = history.Codes.SelectMany(column => column).ToList();
        return new HeatMap($"gradient-norm-map-{slug}", $"Gradient norm of layers over steps: {about}",
            $"L2 norm of the gradient as colour, on a logarithmic scale, of {Axis.Thousands(history.Layers.Count)} layers from step "
                + $"{Axis.Thousands(history.Steps[0])} on. Exactly 0: {codes.Count(code => code == NormCode.Zero)} of {Axis.Thousands(codes.Count)} cells; not "
                + $"finite: {codes.Count(code => code >= NormCode.Infinite)}.{cell}",
            history.Steps, history.Layers.Count, history.LayersPerRow, history.Codes);
    }
}
