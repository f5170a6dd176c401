using FixupNet.Reporting.Results;
using FixupNet.Reporting.Tables;
using FixupNet.Runs;

namespace FixupNet.Reporting.Figures;

/// <summary>Gradient norm of every layer at the last recorded step, at the largest place on the sweep's axis for which there is one.</summary>
internal static class GradientNormFigure
{
    /// <summary>The axis of norms.</summary>
    public static ChartAxis NormAxis { get; } = new("gradient norm (L2)", AxisScale.Logarithmic);

    /// <summary>Makes the figure.</summary>
    /// <returns>The figure, or null where no gradient norms were recorded.</returns>
    /// <exception cref="InvalidDataException">A file of gradient norms is damaged.</exception>
    public static Chart? Of(SweepAxis axis, IReadOnlyList<SweepSeries> allSeries)
    {
        var (place, records) = ReadLargest(axis, [.. allSeries.Take(SeriesStyle.Count)]);
        if (records.Count == 0) return null;

        // What all curves share is said once, below the plot; the rest with each curve.
        string[] shared = [.. records[0].Notes.Where(note => records.All(record => record.Notes.Contains(note)))];
        var about = string.Join(", ", axis.PlaceText(place) is { Length: > 0 } text ? [text, .. shared] : shared);
        var label = $"layer in forward order{Ends([.. records.Select(record => record.Layers)])}{(about.Length > 0 ? $" – {about}" : "")}";
        return new Chart("gradient-norms", "Gradient norm of every layer", Description(records, about),
            new ChartAxis(label, AxisScale.Index), NormAxis,
            [.. records.Select(record => CurveOf(record, shared))], Math.Max(0, allSeries.Count - SeriesStyle.Count));
    }

    /// <summary>A line through norms, against the number of the layer from 1 on.</summary>
    public static ChartLine LineOf(string name, IReadOnlyList<double> norms) =>
        new(name, [.. norms.Select((norm, index) => new ChartPoint(index + 1, norm))]);

    /// <summary>Names of the first and the last layer, where all networks share them.</summary>
    public static string Ends(IReadOnlyList<IReadOnlyList<string>> networks) =>
        networks.Select(layers => (First: layers[0], Last: layers[^1])).Distinct().ToList() is [var (first, last)]
            ? $", {Short(first)} … {Short(last)}"
            : "";

    private static ChartCurve CurveOf(Record record, string[] shared) => new(
        record.Label, record.Style, [LineOf("last step", record.Norms)], string.Join(", ", record.Notes.Except(shared)));

    private static (double? Place, List<Record> Records) ReadLargest(SweepAxis axis, SweepSeries[] allSeries)
    {
        foreach (var place in allSeries.SelectMany(series => series.Groups).Select(axis.Value).Distinct().OrderDescending())
        {
            var records = allSeries.Select(series => Read(series, [.. series.Groups.Where(group => axis.Value(group) == place)])).OfType<Record>().ToList();
            if (records.Count > 0) return (place, records);
        }
        return (null, []);
    }

    // The first seed that has any: later ones may be all there is while a sweep runs.
    private static Record? Read(SweepSeries series, IReadOnlyList<SweepGroup> groups)
    {
        foreach (var trial in groups.SelectMany(group => group.Trials))
            if (GradientNormsLog.ReadLast(trial.Directory.GradientNormsFile) is { } read && read.Last.Norms.Count > 0)
                return new Record(series.Label, series.Style,
                    [$"seed {trial.Plan.Seed}", $"step {Axis.Thousands(read.Last.Step)}"], read.Layers, read.Last.Norms);
        return null;
    }

    private static string Short(string name) => name.Length <= 24 ? name : name[..23] + "…";

    private static string Description(List<Record> records, string about)
    {
        var curves = records.Select(record => $"{record.Label} ({string.Join(", ", record.Notes)}): "
            + $"{DisplayText.Number(record.Norms[0], "G3")} in the first of {record.Norms.Count} layers, "
            + $"{DisplayText.Number(record.Norms[^1], "G3")} in the last, {record.Norms.Count(norm => norm == 0)} of them 0");
        return $"L2 norm of the gradient of every layer in forward order, {about}. {string.Join("; ", curves)}.";
    }

    private sealed record Record(string Label, SeriesStyle Style, string[] Notes, IReadOnlyList<string> Layers, IReadOnlyList<double> Norms);
}
