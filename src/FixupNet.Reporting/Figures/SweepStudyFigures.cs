using FixupNet.Reporting.Results;
using FixupNet.Reporting.Tables;
using FixupNet.Runs.Metrics;
using FixupNet.Runs.Records;

namespace FixupNet.Reporting.Figures;

/// <summary>What a study of a whole sweep found, drawn: a chart for all curves that have the same axes.</summary>
internal static class SweepStudyFigures
{
    // Between the name of what a curve is about, such as a search, and what it shows.
    private const string Colon = ": ";

    /// <summary>Makes the figures of a study.</summary>
    public static FigureSection Of(StudyRecord record) =>
        new(record.Study, [.. record.Curves.GroupBy(curve => (curve.X, curve.Y, curve.Unit)).Select(curves => Of(record.Study, [.. curves.Take(SeriesStyle.Count)], curves.Count()))]);

    private static Chart Of(string study, List<StudyCurve> curves, int count)
    {
        var first = curves[0];
        var isShare = first.Unit == Metric.Share;
        var title = MetricCatalog.TitleOf(first.Name[(first.Name.IndexOf(Colon, StringComparison.Ordinal) is > 0 and var colon ? colon + Colon.Length : 0)..]);
        var labels = curves.Select(curve => curve.Name.Split(Colon) is [var about, _] ? about : curve.Name).ToList();
        var styles = SeriesStyles.Of(labels);
        var lines = curves.Select(curve => new ChartLine("", [.. curve.Xs.Zip(curve.Ys, (at, value) => new ChartPoint(at, isShare ? 100 * value : value))])).ToList();
        var words = labels.Zip(lines, (label, line) => $"{label}: {string.Join(", ", line.Points.Select(point => $"{DisplayText.Number(point.Y, "G4")} at {DisplayText.Number(point.X, "G4")}"))}");
        return new Chart(
            Figure.Slug($"{study} {title}"), title, $"{title}, of the sweep as a whole. {string.Join(". ", words)}.", new ChartAxis(first.X, AxisScale.Linear), StudyFigures.LeftAxis(first),
            [.. labels.Select((label, i) => new ChartCurve(label, styles[i], [lines[i]]))], count - curves.Count);
    }
}
