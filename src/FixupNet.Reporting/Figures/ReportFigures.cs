using FixupNet.Reporting.Results;
using FixupNet.Runs.Records;

namespace FixupNet.Reporting.Figures;

/// <summary>All figures of a sweep.</summary>
/// <param name="Sections">The figures by question; none of the sections is empty.</param>
/// <param name="Gradients">The gradient norms of all trials, for the page's chooser.</param>
/// <param name="NotDrawn">What the results cannot fill, and why.</param>
/// <param name="Studies">The figures of studies, a section a study.</param>
internal sealed record ReportFigures(
    IReadOnlyList<FigureSection> Sections, GradientRuns Gradients, IReadOnlyList<string> NotDrawn, IReadOnlyList<FigureSection> Studies)
{
    /// <summary>All figures with a file of their own.</summary>
    public IEnumerable<Figure> All => Sections.Concat(Studies).SelectMany(section => section.Figures);

    /// <summary>Makes the figures.</summary>
    /// <param name="results">The results.</param>
    /// <param name="studies">What studies of the networks found.</param>
    /// <param name="sweepStudies">What studies of the sweep as a whole found; null for none.</param>
    /// <exception cref="InvalidDataException">A record of a trial is damaged.</exception>
    public static ReportFigures Of(SweepResults results, IReadOnlyList<StudyAnswers> studies, IReadOnlyList<StudyRecord>? sweepStudies = null)
    {
        var axis = SweepAxis.Of(results);
        var series = SweepSeries.Of(results, axis);
        var needsPlaces = axis.Key is null ? "needs results of two configurations or more" : $"needs results at two values of {axis.Key} or more";
        var probes = studies.FirstOrDefault(study => study.Study == ProbeRecord.Study);
        (string Section, string Title, IReadOnlyList<Figure> Figures, string WhyNot)[] all =
        [
            ($"Results {axis.Phrase}", $"{results.Metrics.ResultsTitle} {axis.Phrase}",
                [.. results.Metrics.Results.Select(metric => MetricFigure.Of(metric, axis, series)).OfType<Figure>()], needsPlaces),
            ($"Results {axis.Phrase}", "Largest stable learning rate against depth", StableRateFigure.Of(results), "needs a grid over optimizer.learningRate, or a factor of it, and model.depth"),
            ($"Results {axis.Phrase}", $"Size of an update {axis.Phrase}", [.. One(UpdateSizeFigure.Of(axis, series, probes)), .. UpdateSizeFigure.ByRole(axis, series, probes)],
                $"{needsPlaces}, with answers to the study probe: \"fixupnet study probe SWEEP\""),
            ($"Results {axis.Phrase}", $"Time and memory {axis.Phrase}", CostFigures.Of(axis, series), needsPlaces),
            ("Training and test curves", "Training and test curves", TrainingFigures.Of(results.Metrics, axis, series), "no trial has recorded metrics yet"),
            (GradientSection, GradientSection, [.. One(GradientNormFigure.Of(axis, series)), .. GradientHistoryFigures.Of(axis, series)],
                "none were recorded; record.gradientNormsEverySteps asks for them"),
        ];
        List<FigureSection> sections =
        [
            .. all.Where(entry => entry.Figures.Count > 0).GroupBy(entry => entry.Section)
                .Select(entries => new FigureSection(entries.Key, [.. entries.SelectMany(entry => entry.Figures)])),
        ];
        var named = WithOwnNames([.. sections, .. studies.Select(study => StudyFigures.Of(axis, series, study)), .. (sweepStudies ?? []).Select(SweepStudyFigures.Of)]);
        return new ReportFigures(
            named[..sections.Count], GradientRuns.Read(axis, series), [.. all.Where(entry => entry.Figures.Count == 0).Select(entry => $"{entry.Title}: {entry.WhyNot}.")], named[sections.Count..]);
    }

    /// <summary>The section that the page shows as a chooser.</summary>
    public const string GradientSection = "Gradient norms";

    private static IReadOnlyList<Figure> One(Figure? figure) => figure is null ? [] : [figure];

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
}
