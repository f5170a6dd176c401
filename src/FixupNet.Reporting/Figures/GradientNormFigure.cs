using System.Text;

namespace FixupNet.Reporting.Figures;

/// <summary>Gradient norm of every layer at the last recorded step, at the largest depth for which there is one.</summary>
internal static class GradientNormFigure
{
    private const double LaneHeight = 7;
    private const double MarkPitch = 44;

    /// <summary>Draws the figure.</summary>
    /// <returns>The SVG document, or null where no gradient norms were recorded.</returns>
    /// <exception cref="InvalidDataException">A file of gradient norms is damaged.</exception>
    public static string? Draw(IReadOnlyList<SweepSeries> allSeries)
    {
        var (depth, records) = ReadDeepest([.. allSeries.Take(SeriesStyle.Count)]);
        if (records.Count == 0) return null;

        // What all curves share is said once, below the plot; the rest with each curve.
        string[] shared = [.. records[0].Notes.Where(note => records.All(record => record.Notes.Contains(note)))];
        var about = string.Join(", ", depth is { } layers ? [$"depth {Axis.Thousands(layers)}", .. shared] : shared);
        var canvas = new SvgCanvas(Plot.Width, Plot.Height, "Gradient norm of every layer", Description(records, about));
        var legend = new Legend(Plot.Horizontal);
        foreach (var record in records)
            Plot.AddCurve(legend, canvas, record.Style, LegendText(record, shared));
        if (allSeries.Count > SeriesStyle.Count) legend.Add($"{allSeries.Count - SeriesStyle.Count} more not drawn", (_, _) => { });

        var x = Axis.Index(records.Max(record => record.Norms.Count), Plot.Horizontal);
        DrawPlot(canvas, records, x, legend.Bottom + 10);
        Plot.LowerAxis(canvas, x, $"layer in forward order{Ends(records)}{(about.Length > 0 ? $" – {about}" : "")}");
        legend.Draw(canvas);
        return canvas.Finish();
    }

    private static (double? Depth, List<Record> Records) ReadDeepest(SweepSeries[] allSeries)
    {
        var depths = allSeries.SelectMany(series => series.Groups).Select(SweepSeries.Depth).Distinct().OrderDescending();
        foreach (var depth in depths)
        {
            var records = allSeries.Select(series => Read(series, depth)).OfType<Record>().ToList();
            if (records.Count > 0) return (depth, records);
        }
        return (null, []);
    }

    // The first seed that has any: later ones may be all there is while a sweep runs.
    private static Record? Read(SweepSeries series, double? depth)
    {
        foreach (var trial in series.Groups.Where(group => SweepSeries.Depth(group) == depth).SelectMany(group => group.Trials))
            if (GradientNormFile.ReadLast(trial.Directory.GradientNormsFile) is { } read && read.Last.Norms.Count > 0)
                return new Record(series.Label, new SeriesStyle(series.Index),
                    [$"seed {trial.Plan.Seed}", $"step {Axis.Thousands(read.Last.Step)}"], read.Header.Layers, read.Last.Norms);
        return null;
    }

    private static void DrawPlot(SvgCanvas canvas, List<Record> records, Axis x, double top)
    {
        var curves = records.Select(record => GradientNormCurve.Of(record.Norms, layer => (int)Math.Floor(x.Pixel(layer)))).ToList();
        var stripHeight = records.Count * LaneHeight + 8;
        var hasInfinite = curves.Any(curve => curve.NonFinite.Count > 0);
        var hasZeros = curves.Any(curve => curve.Zeros.Count > 0);
        var pixels = new PixelRange(Plot.Bottom - (hasZeros ? stripHeight + 6 : 0), top + (hasInfinite ? stripHeight + 6 : 0));
        var shown = curves.SelectMany(curve => curve.Lines).SelectMany(line => line).Select(point => point.Norm).DefaultIfEmpty(1).ToList();
        var y = Axis.Decades(shown.Min(), shown.Max(), pixels);

        if (hasInfinite) Plot.Strip(canvas, new PixelRange(top + stripHeight, top), NonFiniteLabel(records));
        if (hasZeros) Plot.Strip(canvas, new PixelRange(Plot.Bottom, Plot.Bottom - stripHeight), "0");
        Plot.LeftAxis(canvas, y, pixels, "gradient norm (L2)");
        for (var index = 0; index < curves.Count; index++)
        {
            var (curve, style, lane) = (curves[index], records[index].Style, 4 + index * LaneHeight);
            var lines = curve.Lines.Select(line => line.Select(point => (X: x.Pixel(point.Layer), Y: y.Pixel(point.Norm))).ToList()).ToList();
            canvas.Open("g", ("class", "curve"));
            if (records[index].Label.Length > 0) canvas.Title(records[index].Label);
            DrawStrokes(canvas, style, curve.NonFinite.Select(layer => x.Pixel(layer)), top + lane, "non-finite");
            DrawStrokes(canvas, style, curve.Zeros.Select(layer => x.Pixel(layer)), Plot.Bottom - stripHeight + lane, "zero");
            DrawLines(canvas, style, lines);
            DrawMarks(canvas, style, [.. lines.SelectMany(line => line)], (double)index / curves.Count);
            canvas.Close();
        }
    }

    private static void DrawLines(SvgCanvas canvas, SeriesStyle style, List<List<(double X, double Y)>> lines)
    {
        if (lines.Count == 0) return;
        var path = new StringBuilder();
        foreach (var line in lines)
        {
            path.Append('M').AppendJoin('L', line.Select(point => $"{SvgCanvas.Number(point.X)} {SvgCanvas.Number(point.Y)}"));
            if (line.Count == 1) path.Append("h0"); // with round ends, a dot
        }
        canvas.Element("path", ("class", "norms"), ("d", path.ToString()), ("fill", "none"), ("stroke", style.Color),
            ("stroke-width", "1.6"), ("stroke-linejoin", "round"), ("stroke-linecap", "round"), ("stroke-dasharray", style.Dashes));
    }

    // Some of the points only, at other places than those of the other curves.
    private static void DrawMarks(SvgCanvas canvas, SeriesStyle style, List<(double X, double Y)> points, double offset)
    {
        var next = Plot.Left + offset * MarkPitch;
        foreach (var (x, y) in points)
        {
            if (x < next) continue;
            style.Mark(canvas, x, y, 3.6, "mark");
            next += Math.Ceiling((x - next + 1) / MarkPitch) * MarkPitch;
        }
    }

    private static void DrawStrokes(SvgCanvas canvas, SeriesStyle style, IEnumerable<double> places, double top, string kind)
    {
        var path = string.Concat(places.Select(place => $"M{SvgCanvas.Number(place)} {SvgCanvas.Number(top)}v{LaneHeight - 1}"));
        if (path.Length > 0) canvas.Element("path", ("class", kind), ("d", path), ("stroke", style.Color), ("stroke-width", "1.6"));
    }

    private static string NonFiniteLabel(List<Record> records)
    {
        var norms = records.SelectMany(record => record.Norms).ToList();
        var (hasInfinity, hasNaN) = (norms.Any(double.IsInfinity), norms.Any(double.IsNaN));
        return hasInfinity && hasNaN ? "∞, NaN" : hasInfinity ? "∞" : "NaN";
    }

    private static string LegendText(Record record, string[] shared)
    {
        var own = string.Join(", ", record.Notes.Except(shared));
        return own.Length == 0 ? record.Label : $"{record.Label} ({own})".TrimStart();
    }

    private static string Ends(List<Record> records) =>
        records.Select(record => (First: record.Layers[0], Last: record.Layers[^1])).Distinct().ToList() is [var (first, last)]
            ? $", {Short(first)} … {Short(last)}"
            : "";

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
