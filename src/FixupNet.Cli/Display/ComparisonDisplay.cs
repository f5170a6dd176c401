using System.Globalization;
using System.Text.Json;
using FixupNet.Reporting.Comparisons;
using FixupNet.Reporting.Statistics;
using FixupNet.Runs;

namespace FixupNet.Cli.Display;

/// <summary>Comparisons on the console.</summary>
internal static class ComparisonDisplay
{
    // At which an equivalence is taken for shown, as its 90 % interval has it.
    private const double Level = 0.05;

    /// <summary>Writes what was compared and what else differs, the tables, how it was tested, and every warning.</summary>
    public static void Write(TextWriter output, ComparisonReport report)
    {
        var metric = ComparisonMetric.All.Single(metric => metric.Name == report.Metric);
        List<string> compared = [.. report.Rows.Select(row => row.Compared).Distinct()];
        output.WriteLine($"{report.Metric}{(metric.IsShare ? ", in percent" : "")}; a difference is that to A");
        output.WriteLine(PrintableText.Of($"A  {report.Baseline}"));
        foreach (var (i, text) in compared.Index())
        {
            output.WriteLine(PrintableText.Of($"{Letter(i)}  {text}"));
            ComparedDocuments.Write(output, Letter(i), [.. report.Rows.Where(row => row.Compared == text)], row => Parameters(row));
        }
        output.WriteLine();
        var unit = metric.IsShare ? (100.0, "F2") : (1.0, "G4");
        WriteTable(output, report, compared, unit);
        if (report.Margin is { } margin) WriteEquivalences(output, report, compared, margin, unit);
        output.WriteLine();
        foreach (var line in ComparisonExplanation.Of(report)) output.WriteLine(line);
        foreach (var warning in report.Warnings) output.WriteLine(PrintableText.Of($"! {warning}"));
        foreach (var row in report.Rows)
            foreach (var warning in row.Warnings) output.WriteLine(PrintableText.Of($"! {string.Join(", ", Place(row, compared).Append(""))[..^2]}: {warning}"));
    }

    private static void WriteTable(TextWriter output, ComparisonReport report, List<string> compared, (double Scale, string Format) unit)
    {
        var (scale, format) = unit;
        List<string> names = [.. report.Rows.Select(row => row.Outcome.HedgesG?.Name).OfType<string>().Distinct().Order(StringComparer.Ordinal)];
        var table = new TextTable(
        [
            "", .. report.Keys.Select(key => $">{key}"), ">n A", ">A", ">n", ">mean", ">difference",
            Interval(report.Confidence), $">Hedges' {string.Join(", ", names.DefaultIfEmpty("g"))}", "test", ">p", Corrected(report),
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
                Effect(outcome.HedgesG, isNamed: names.Count > 1),
                outcome.Test, PValue(outcome.Result.PValue), PValue(row.CorrectedPValue),
            ]);
        }
        table.WriteTo(output);
    }

    private static void WriteEquivalences(
        TextWriter output, ComparisonReport report, List<string> compared, double margin, (double Scale, string Format) unit)
    {
        var (scale, format) = unit;
        output.WriteLine();
        output.WriteLine($"Equal within ±{Number(margin * scale, "G4")}?");
        var table = new TextTable(
        [
            "", .. report.Keys.Select(key => $">{key}"), ">difference", Interval(report.Rows[0].Outcome.Equivalence!.Confidence), "test",
            ">p above -margin", ">p below margin", ">p", Corrected(report), "equal",
        ]);
        foreach (var row in report.Rows)
        {
            var equivalence = row.Outcome.Equivalence!;
            table.Add(
            [
                Letter(compared.IndexOf(row.Compared)), .. report.Keys.Select(key => Value(row, key)), Signed(row.Outcome.Difference * scale, format),
                Range(equivalence.Interval, scale, format), equivalence.Test, PValue(equivalence.Result?.LowerPValue),
                PValue(equivalence.Result?.UpperPValue), PValue(equivalence.Result?.PValue), PValue(equivalence.CorrectedPValue),
                equivalence.CorrectedPValue switch { null => "", <= Level => "yes", _ => "not shown" },
            ]);
        }
        table.WriteTo(output);
    }

    private static string Effect(EffectSize? effect, bool isNamed) => effect is null ? ""
        : $"{(isNamed ? effect.Name + " " : "")}{Signed(effect.Value, "F2")} {Range(effect.Interval, 1, "F2")}";

    private static string Interval(double confidence) => $">{confidence * 100:0.#} % interval";

    private static string Corrected(ComparisonReport report) => $">p ({Name(report.Correction)})";

    private static IEnumerable<string> Place(ComparisonRow row, List<string> compared) => compared.Count > 1 || row.Parameters.Count == 0
        ? Parameters(row).Prepend(Letter(compared.IndexOf(row.Compared)))
        : Parameters(row);

    private static IEnumerable<string> Parameters(ComparisonRow row) => row.Parameters.Keys.Select(key => $"{key}={Value(row, key)}");

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
