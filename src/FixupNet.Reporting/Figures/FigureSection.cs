namespace FixupNet.Reporting.Figures;

/// <summary>Figures that answer one question.</summary>
/// <param name="Title">The question's short name.</param>
/// <param name="Figures">The figures, the most telling first; none where the results cannot fill them.</param>
/// <param name="Note">Why there are none, or what was left out; empty where nothing is to be said.</param>
internal sealed record FigureSection(string Title, IReadOnlyList<Figure> Figures, string Note = "")
{
    private const string NoDepths = "needs results at two values of model.depth or more.";

    /// <summary>All figures of a sweep.</summary>
    /// <exception cref="InvalidDataException">A record of a trial is damaged.</exception>
    public static IReadOnlyList<FigureSection> Of(SweepResults results)
    {
        var series = SweepSeries.Of(results);
        return WithOwnNames(
        [
            Of("Accuracy against depth", AccuracyFigure.Of(series), NoDepths),
            Of("Training and test curves", TrainingFigures.Of(series), "no trial has recorded metrics yet."),
            Of("Gradient norms", GradientNormFigure.Of(series), "none were recorded; record.gradientNormsEverySteps asks for them."),
            GradientHistory(series),
            Of("Size of an update against depth", UpdateSizeFigure.Of(series),
                "needs probes at two depths or more: save the output of \"fixupnet probe TRIAL/config.json --json\" as TRIAL/probe.json."),
            Of("Largest stable learning rate against depth", StableRateFigure.Of(results), $"needs a grid over {StableRateFigure.RateKey} and model.depth."),
            Of("Time and memory against depth", CostFigures.Of(series), NoDepths),
        ]);
    }

    // A name has room for a part of what the figure is about only; it is also that of a file.
    private static List<FigureSection> WithOwnNames(List<FigureSection> sections)
    {
        var names = new HashSet<string>();
        Figure Named(Figure figure)
        {
            var name = figure.Name;
            for (var count = 2; !names.Add(name); count++) name = $"{figure.Name}-{count}";
            return figure with { Name = name };
        }
        return [.. sections.Select(section => section with { Figures = [.. section.Figures.Select(Named)] })];
    }

    private static FigureSection GradientHistory(IReadOnlyList<SweepSeries> series)
    {
        var section = Of("Gradient norms over training", GradientHistoryFigures.Of(series), "none were recorded.");
        return GradientHistoryFigures.LeftOut(series) is > 0 and var count
            ? section with { Note = $"{count} combinations of smaller depth are left out of this section; their records are in the run directory." }
            : section;
    }

    private static FigureSection Of(string title, Figure? figure, string whyNot) => Of(title, figure is null ? [] : [figure], whyNot);

    private static FigureSection Of(string title, IReadOnlyList<Figure> figures, string whyNot) =>
        new(title, figures, figures.Count == 0 ? $"Not drawn: {whyNot}" : "");
}
