using System.Globalization;
using System.Text.Json;
using FixupNet.Reporting.Comparisons;
using FixupNet.Reporting.Statistics;
using FixupNet.Runs;

namespace FixupNet.Cli.Display;

/// <summary>Comparisons on the console.</summary>
internal static class ComparisonDisplay
{
    /// <summary>Writes what was compared, the table, how it was tested, and every warning.</summary>
    public static void Write(TextWriter output, ComparisonReport report)
    {
        var metric = ComparisonMetric.All.Single(metric => metric.Name == report.Metric);
        List<string> compared = [.. report.Rows.Select(row => row.Compared).Distinct()];
        output.WriteLine($"{report.Metric}{(metric.IsShare ? ", in percent" : "")}; a difference is that to A");
        output.WriteLine(PrintableText.Of($"A  {report.Baseline}"));
        foreach (var (i, text) in compared.Index()) output.WriteLine(PrintableText.Of($"{Letter(i)}  {text}"));
        output.WriteLine();
        WriteTable(output, report, compared, metric.IsShare ? (100, "F2") : (1, "G4"));
        output.WriteLine();
        output.WriteLine(Explain(report));
        foreach (var warning in report.Warnings) output.WriteLine(PrintableText.Of($"! {warning}"));
        foreach (var row in report.Rows)
            foreach (var warning in row.Warnings) output.WriteLine(PrintableText.Of($"! {string.Join(", ", Place(row, compared).Append(""))[..^2]}: {warning}"));
    }

    private static void WriteTable(TextWriter output, ComparisonReport report, List<string> compared, (double Scale, string Format) unit)
    {
        var (scale, format) = unit;
        var table = new TextTable(
        [
            "", .. report.Keys.Select(key => $">{key}"), ">n A", ">A", ">n", ">mean", ">difference",
            $">{report.Confidence * 100:0.#} % interval", ">Hedges' g", "test", ">p", $">p ({Name(report.Correction)})",
        ]);
        foreach (var row in report.Rows)
        {
            var outcome = row.Outcome;
            table.Add(
            [
                Letter(compared.IndexOf(row.Compared)), .. report.Keys.Select(key => Value(row, key)),
                $"{row.BaselineSide.Count}", Mean(row.BaselineSide, scale, format),
                $"{row.OtherSide.Count}", Mean(row.OtherSide, scale, format),
                Signed(outcome.Difference * scale, format), Range(outcome.Interval, scale, format),
                outcome.HedgesG is { } effect ? $"{Signed(effect.Value, "F2")} {Range(effect.Interval, 1, "F2")}" : "",
                outcome.Test, PValue(outcome.Result.PValue), PValue(row.CorrectedPValue),
            ]);
        }
        table.WriteTo(output);
    }

    private static string Explain(ComparisonReport report)
    {
        var correction = report.Correction switch
        {
            _ when report.FamilySize < 2 => "nothing to correct for",
            Correction.Holm => "p corrected by Holm",
            Correction.Bh => "p corrected by Benjamini and Hochberg",
            _ => "p not corrected",
        };
        var kinds = report.Rows.Where(row => row.Outcome.Interval is not null).Select(row => row.Outcome.IntervalKind).Distinct().Order();
        var intervals = string.Join(", ", kinds.Select(kind => kind == "student" ? "Student's intervals" : "bootstrap (BCa) intervals"));
        return $"{report.FamilySize} comparison{(report.FamilySize == 1 ? "" : "s")} tested, two-sided; {correction}"
            + (intervals.Length > 0 ? $"; {intervals}" : "");
    }

    private static IEnumerable<string> Place(ComparisonRow row, List<string> compared) =>
        compared.Count > 1 || row.Parameters.Count == 0
            ? row.Parameters.Keys.Select(key => $"{key}={Value(row, key)}").Prepend(Letter(compared.IndexOf(row.Compared)))
            : row.Parameters.Keys.Select(key => $"{key}={Value(row, key)}");

    private static string Value(ComparisonRow row, string key) => !row.Parameters.TryGetValue(key, out var value) ? ""
        : value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();

    private static string Letter(int index) => index < 25 ? ((char)('B' + index)).ToString() : $"#{index + 2}";

    private static string Name(Correction correction) => correction.ToString().ToLowerInvariant();

    private static string Mean(ComparisonSide side, double scale, string format) => side.Mean is not { } mean ? ""
        : side.StandardDeviation is { } deviation ? $"{Number(mean * scale, format)} ± {Number(deviation * scale, format)}"
        : Number(mean * scale, format);

    private static string Range(Interval? interval, double scale, string format) =>
        interval is null ? "" : $"[{Signed(interval.Low * scale, format)}, {Signed(interval.High * scale, format)}]";

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    private static string Signed(double? value, string format) => value is { } number ? (number > 0 ? "+" : "") + Number(number, format) : "";

    private static string PValue(double? p) => p switch
    {
        null => "",
        < 0.0001 => p.Value.ToString("0.0e-0", CultureInfo.InvariantCulture),
        _ => p.Value.ToString("F4", CultureInfo.InvariantCulture),
    };
}
