using FixupNet.Reporting.Results;
using FixupNet.Reporting.Statistics;
using FixupNet.Reporting.Tables;
using FixupNet.Runs.Metrics;
using FixupNet.Runs.Records;

namespace FixupNet.Reporting.Figures;

/// <summary>What studies found, drawn: curves with a colour a method, matrices as heat maps, pictures. A figure for each place of the sweep's axis.</summary>
internal static class StudyFigures
{
    // Of more points, marks and single results would hide the curve.
    private const int MostMarkedPoints = 24;

    /// <summary>Makes the figures of a study: its curves, its matrices, its pictures.</summary>
    public static FigureSection Of(SweepAxis axis, IReadOnlyList<SweepSeries> allSeries, StudyAnswers answers)
    {
        var places = allSeries.SelectMany(series => series.Groups).Select(axis.Value).Distinct().OrderDescending().ToList();
        var cells = places.SelectMany(place => allSeries.SelectMany(series => series.Groups.Where(group => axis.Value(group) == place)
            .Select(group => new Cell(series, place, PlaceOf(axis, place), answers.Of(group))))).Where(cell => cell.Answers.Count > 0).ToList();
        return new FigureSection(answers.Study, [.. Charts(answers, cells), .. Matrices(answers, cells), .. Pictures(answers, cells)]);
    }

    private static (string Text, string Slug) PlaceOf(SweepAxis axis, double? place) =>
        axis.PlaceText(place) is { Length: > 0 } text ? (text, $" {axis.Name} {place}") : ("", "");

    private static IEnumerable<Chart> Charts(StudyAnswers answers, List<Cell> cells) =>
        from name in answers.Records.Values.SelectMany(record => record.Curves).Select(curve => curve.Name).Distinct()
        from place in cells.GroupBy(cell => cell.Place.Text)
        let here = place.Select(cell => (Cell: cell, Curves: Named(cell, name))).Where(item => item.Curves.Count > 0).ToList()
        where here.Count > 0
        select Chart(answers.Study, name, here);

    private static IReadOnlyList<(SweepTrial Trial, StudyCurve Curve)> Named(Cell cell, string name) =>
        [.. cell.Answers.SelectMany(answer => answer.Record.Curves.Where(curve => curve.Name == name).Take(1).Select(curve => (answer.Trial, curve)))];

    private static Chart Chart(string study, string name, List<(Cell Cell, IReadOnlyList<(SweepTrial Trial, StudyCurve Curve)> Curves)> here)
    {
        var (first, where) = (here[0].Curves[0].Curve, here[0].Cell.Place);
        var isShare = first.Unit == Metric.Share;
        var x = new ChartAxis(first.X, AxisScale.Linear) { IsSigned = here.SelectMany(item => item.Curves).SelectMany(item => item.Curve.Xs).Any(value => value < 0) };
        var y = LeftAxis(first);
        var shown = here.Take(SeriesStyle.Count).Select(item => (item.Cell.Series, Curves: item.Curves.Select(curve => Line(curve.Trial, curve.Curve, isShare ? 100 : 1)).ToList())).ToList();
        var title = $"{MetricCatalog.TitleOf(name)}{(where.Text.Length > 0 ? $" at {where.Text}" : "")}{Correlation([.. here.SelectMany(item => item.Curves).Select(item => item.Curve)])}";
        return new Chart(
            Figure.Slug($"{study} {name}{where.Slug}"), title, Description(title, y, shown), x, y, [.. shown.Select(item => CurveOf(item.Series, y, item.Curves))], here.Count - shown.Count);
    }

    /// <summary>The axis of what a curve shows.</summary>
    public static ChartAxis LeftAxis(StudyCurve curve) => curve.Unit == Metric.Share ? new ChartAxis($"{curve.Y} (%)", AxisScale.Percent)
        : new ChartAxis(curve.Unit.Length > 0 ? $"{curve.Y} ({curve.Unit})" : curve.Y, curve.IsLogarithmic ? AxisScale.Logarithmic : AxisScale.Linear);

    // A point a network: whether those that are ahead by one number are so by the other.
    private static string Correlation(IReadOnlyList<StudyCurve> curves) =>
        curves.All(curve => curve.Xs.Count == 1) && RankCorrelation.Spearman([.. curves.Select(curve => curve.Xs[0])], [.. curves.Select(curve => curve.Ys[0])]) is { } correlation
            ? $" (rank correlation {DisplayText.Number(correlation, "F2")}, n = {curves.Count})" : "";

    private static ChartLine Line(SweepTrial trial, StudyCurve curve, double scale) =>
        new($"seed {trial.Plan.Seed}", [.. curve.Xs.Zip(curve.Ys, (x, y) => new ChartPoint(x, scale * y)).Where(point => double.IsFinite(point.X)).OrderBy(point => point.X)]);

    private static ChartCurve CurveOf(SweepSeries series, ChartAxis y, List<ChartLine> lines)
    {
        if (!HaveOnePlan(lines) || lines.All(line => line.Points.Count == 1) || (lines.Count < Figures.Chart.ManySeeds && !AreFew(lines))) return new ChartCurve(series.Label, series.Style, lines);
        var places = Places(lines);
        ChartLine mean = new("mean", [.. places.Select(place => new ChartPoint(place.X, Mean(place.Values)))]);
        if (!AreFew(lines))
        {
            return new ChartCurve(series.Label, series.Style, [mean], $"mean of {lines.Count}")
            {
                Band = [.. places.Where(place => place.Values.Any(double.IsFinite))
                    .Select(place => new ChartInterval(place.X, place.Values.Where(double.IsFinite).Min(), place.Values.Where(double.IsFinite).Max(), place.Values.Count))],
            };
        }
        return new ChartCurve(series.Label, series.Style, [mean])
        {
            IsSummary = true,
            Dots = lines.Count > 1 ? [.. lines.SelectMany(line => line.Points)] : [],
            Band = [.. places.Select(place => Interval(place, y)).OfType<ChartInterval>()],
        };
    }

    // Seeds whose points lie at the same places have a mean; others, such as spectra, are a line each.
    private static bool HaveOnePlan(List<ChartLine> lines) => lines.All(line => line.Points.Select(point => point.X).SequenceEqual(lines[0].Points.Select(point => point.X)));

    private static bool AreFew(List<ChartLine> lines) => lines[0].Points.Count <= MostMarkedPoints;

    private static List<(double X, List<double> Values)> Places(List<ChartLine> lines) =>
        [.. lines[0].Points.Select((point, index) => (point.X, lines.Select(line => line.Points[index].Y).ToList()))];

    private static double Mean(List<double> values) => values.Where(double.IsFinite).DefaultIfEmpty(double.NaN).Average();

    private static ChartInterval? Interval((double X, List<double> Values) place, ChartAxis y)
    {
        var values = place.Values.Where(double.IsFinite).ToList();
        if (values.Count < Figures.Chart.LeastSeedsOfInterval || TTests.MeanInterval(values) is not var (low, high)) return null;
        return y.Scale == AxisScale.Percent ? new ChartInterval(place.X, Math.Max(0, low), Math.Min(100, high), values.Count) : new ChartInterval(place.X, low, high, values.Count);
    }

    private static string Description(string title, ChartAxis y, IReadOnlyList<(SweepSeries Series, List<ChartLine> Lines)> shown)
    {
        var format = y.Scale == AxisScale.Percent ? "F1" : "G4";
        return $"{title}. Where the networks of a configuration were asked at the same places, their mean, with a faint dot a network and, of {Figures.Chart.LeastSeedsOfInterval} or more, a band of "
            + $"its 95 % interval (Student's t); otherwise a line a network. {string.Join(". ", shown.Select(item => $"{item.Series.Label} (n = {item.Lines.Count}): {Words(item.Lines, format)}".TrimStart()))}.";
    }

    private static string Words(List<ChartLine> lines, string format)
    {
        if (lines.All(line => line.Points.Count == 1))
            return string.Join("; ", lines.Select(line => $"{line.Name} {DisplayText.Number(line.Points[0].Y, format)} at {DisplayText.Number(line.Points[0].X, "G4")}"));
        if (HaveOnePlan(lines) && AreFew(lines))
            return string.Join(", ", Places(lines).Select(place => $"{DisplayText.Number(Mean(place.Values), format)} at {DisplayText.Number(place.X, "G4")}"));
        return string.Join("; ", lines.Where(line => line.Points.Count > 0).Select(line =>
            $"{line.Name} from {DisplayText.Number(line.Points[0].X, "G4")} to {DisplayText.Number(line.Points[^1].X, "G4")}, greatest at {DisplayText.Number(line.Points.MaxBy(point => point.Y).X, "G4")}"));
    }

    private static IEnumerable<MatrixMap> Matrices(StudyAnswers answers, List<Cell> cells)
    {
        foreach (var name in answers.Records.Values.SelectMany(record => record.Matrices ?? []).Select(matrix => matrix.Name).Distinct())
        {
            var found = cells.Select(cell => (cell, Matrices: cell.Answers.SelectMany(answer => (answer.Record.Matrices ?? []).Where(matrix => matrix.Name == name).Take(1)).ToList()))
                .Where(item => item.Matrices.Count > 0).ToList();
            var finite = found.SelectMany(item => item.Matrices).SelectMany(matrix => matrix.Values).SelectMany(row => row).Where(double.IsFinite).ToList();
            // One scale for all, so that colours can be compared.
            var range = found[0].Matrices[0].Unit == Metric.Share ? (0.0, 1.0) : (finite.DefaultIfEmpty(0).Min(), finite.DefaultIfEmpty(1).Max());
            foreach (var (cell, matrices) in found)
                yield return MatrixMap.Of(Figure.Slug($"{answers.Study} {name} {cell.Series.Label}{cell.Place.Slug}"), cell.Title(name), matrices, range);
        }
    }

    // Of one network a configuration: pictures have no mean.
    private static IEnumerable<PictureGrid> Pictures(StudyAnswers answers, List<Cell> cells) =>
        from cell in cells
        let answer = cell.Answers[0]
        from pictures in answer.Record.Pictures ?? []
        select new PictureGrid(
            Figure.Slug($"{answers.Study} {pictures.Name} {cell.Series.Label}{cell.Place.Slug}"), $"{cell.Title(pictures.Name)}, seed {answer.Trial.Plan.Seed}", pictures);

    private sealed record Cell(SweepSeries Series, double? Value, (string Text, string Slug) Place, IReadOnlyList<(SweepTrial Trial, StudyRecord Record)> Answers)
    {
        public string Title(string name) => string.Join(": ", new[] { MetricCatalog.TitleOf(name), string.Join(", ", new[] { Series.Label, Place.Text }.Where(part => part.Length > 0)) }.Where(part => part.Length > 0));
    }
}
