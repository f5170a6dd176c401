using FixupNet.Reporting.Comparisons;
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
        List<string> compared = [.. report.Rows.Select(row => row.Compared).Distinct()];
        output.WriteLine($"{report.Metric}{(report.IsShare ? ", in percent" : "")}; a difference is that to A");
        output.WriteLine(PrintableText.Of($"A  {report.Baseline}"));
        foreach (var (i, text) in compared.Index())
        {
            output.WriteLine(PrintableText.Of($"{Letter(i)}  {text}"));
            ComparedDocuments.Write(output, Letter(i), [.. report.Rows.Where(row => row.Compared == text)], row => Parameters(row));
        }
        output.WriteLine();
        WriteTable(output, ComparisonTable.Of(report, text => Letter(compared.IndexOf(text))));
        if (report.Margin is { } margin) WriteEquivalences(output, report, compared, margin);
        output.WriteLine();
        foreach (var line in ComparisonExplanation.Of(report)) output.WriteLine(line);
        foreach (var warning in report.Warnings) output.WriteLine(PrintableText.Of($"! {warning}"));
        foreach (var row in report.Rows)
            foreach (var warning in row.Warnings) output.WriteLine(PrintableText.Of($"! {string.Join(", ", Place(row, compared).Append(""))[..^2]}: {warning}"));
    }

    private static void WriteTable(TextWriter output, ComparisonTable comparisons)
    {
        var table = new TextTable([.. comparisons.Columns.Select(column => column.IsNumber ? $">{column.Header}" : column.Header)]);
        foreach (var row in comparisons.Rows) table.Add(row);
        table.WriteTo(output);
    }

    private static void WriteEquivalences(TextWriter output, ComparisonReport report, List<string> compared, double margin)
    {
        var unit = ComparisonText.Unit(report);
        output.WriteLine();
        output.WriteLine($"Equal within ±{ComparisonText.Number(margin, (unit.Scale, "G4"))}?");
        var table = new TextTable(
        [
            "", .. report.Keys.Select(key => ComparisonText.IsNumber(report, key) ? $">{key}" : key), ">difference", $">{ComparisonText.Interval(report.Rows[0].Outcome.Equivalence!.Confidence)}", "test",
            ">p above -margin", ">p below margin", ">p", $">{ComparisonText.Corrected(report.Correction)}", "equal",
        ]);
        foreach (var row in report.Rows)
        {
            var equivalence = row.Outcome.Equivalence!;
            table.Add(
            [
                Letter(compared.IndexOf(row.Compared)), .. report.Keys.Select(key => ComparisonText.Value(row, key)),
                ComparisonText.Signed(row.Outcome.Difference, unit), ComparisonText.Range(equivalence.Interval, unit), equivalence.Test,
                .. new[] { equivalence.Result?.LowerPValue, equivalence.Result?.UpperPValue, equivalence.Result?.PValue, equivalence.CorrectedPValue }.Select(ComparisonText.PValue),
                equivalence.CorrectedPValue switch { null => "", <= Level => "yes", _ => "not shown" },
            ]);
        }
        table.WriteTo(output);
    }

    private static IEnumerable<string> Place(ComparisonRow row, List<string> compared) => compared.Count > 1 || row.Parameters.Count == 0
        ? Parameters(row).Prepend(Letter(compared.IndexOf(row.Compared)))
        : Parameters(row);

    private static IEnumerable<string> Parameters(ComparisonRow row) => row.Parameters.Keys.Select(key => $"{key}={ComparisonText.Value(row, key)}");

    private static string Letter(int index) => index < 25 ? ((char)('B' + index)).ToString() : $"#{index + 2}";
}
