namespace FixupNet.Reporting.Figures;

/// <summary>A curve of gradient norms as it is drawn: no more points than a column of pixels can show.</summary>
/// <param name="Lines">Runs of layers with a norm that a logarithmic axis can show, as points (layer from 1, norm). A layer without one
/// breaks the curve.</param>
/// <param name="Zeros">Layers with a norm of exactly 0, at most one a column.</param>
/// <param name="NonFinite">Layers with a norm that is not finite, at most one a column.</param>
internal sealed record GradientNormCurve(
    IReadOnlyList<IReadOnlyList<(int Layer, double Norm)>> Lines, IReadOnlyList<int> Zeros, IReadOnlyList<int> NonFinite)
{
    /// <summary>Takes from each column its least and its largest norm, in the order of the layers.</summary>
    /// <param name="norms">A norm a layer.</param>
    /// <param name="columnOf">Column of pixels of a layer, from 1 on, which does not fall from layer to layer.</param>
    public static GradientNormCurve Of(IReadOnlyList<double> norms, Func<int, int> columnOf)
    {
        var lines = new List<IReadOnlyList<(int, double)>>();
        var (zeros, nonFinite) = (new List<int>(), new List<int>());
        var line = new List<(int, double)>();
        foreach (var column in Columns(norms, columnOf))
        {
            AddFirst(zeros, column.Where(point => point.Norm == 0));
            AddFirst(nonFinite, column.Where(point => !IsShown(point.Norm) && point.Norm != 0));
            var shown = column.Where(point => IsShown(point.Norm)).ToList();
            if (shown.Count > 0) line.AddRange(Extremes(shown));
            else if (line.Count > 0)
            {
                lines.Add(line);
                line = [];
            }
        }
        if (line.Count > 0) lines.Add(line);
        return new GradientNormCurve(lines, zeros, nonFinite);
    }

    private static bool IsShown(double norm) => norm > 0 && double.IsFinite(norm);

    private static IEnumerable<List<(int Layer, double Norm)>> Columns(IReadOnlyList<double> norms, Func<int, int> columnOf) =>
        norms.Select((norm, index) => (Layer: index + 1, Norm: norm)).GroupBy(point => columnOf(point.Layer)).Select(group => group.ToList());

    private static IEnumerable<(int Layer, double Norm)> Extremes(List<(int Layer, double Norm)> points) =>
        new[] { points.MinBy(point => point.Norm), points.MaxBy(point => point.Norm) }.Distinct().OrderBy(point => point.Layer);

    private static void AddFirst(List<int> layers, IEnumerable<(int Layer, double Norm)> points) =>
        layers.AddRange(points.Take(1).Select(point => point.Layer));
}
