using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using FixupNet.Reporting.Exports;
using FixupNet.Runs.Json;
using FixupNet.Runs.Metrics;

namespace FixupNet.Reporting.Tables;

/// <summary>Writes a table as Markdown, CSV or JSON.</summary>
public static class SweepTableText
{
    private static readonly JsonSerializerOptions Json = new(RunJson.Indented) { DefaultIgnoreCondition = JsonIgnoreCondition.Never };

    /// <summary>A table in Markdown, as people read it.</summary>
    /// <param name="table">The table.</param>
    public static string ToMarkdown(SweepTable table)
    {
        var columns = table.Columns();
        var text = new StringBuilder();
        AppendMarkdownRow(text, columns.Select(column => EscapeMarkdown(column.Header)));
        AppendMarkdownRow(text, columns.Select(column => column.IsNumber ? "---:" : ":---"));
        foreach (var row in table.Rows) AppendMarkdownRow(text, columns.Select(column => EscapeMarkdown(column.Cell(row))));
        return text.ToString();
    }

    /// <summary>A table as CSV (RFC 4180): exact numbers, shares as fractions, an empty cell where there is no value.</summary>
    /// <param name="table">The table.</param>
    /// <remarks>A text that a spreadsheet would take for a formula gets an apostrophe before it.</remarks>
    public static string ToCsv(SweepTable table)
    {
        var columns = SweepTableColumns.ForPrograms(table);
        var text = new StringBuilder();
        AppendCsvRow(text, columns.Select(column => CsvWriter.Cell(column.Header)));
        foreach (var row in table.Rows)
            AppendCsvRow(text, columns.Select(column => column.IsNumber ? column.Cell(row) : CsvWriter.Cell(column.Cell(row))));
        return text.ToString();
    }

    /// <summary>A table as one JSON object {"keys", "rows"}: exact numbers, shares as fractions, null where there is no value.</summary>
    /// <param name="table">The table.</param>
    public static string ToJson(SweepTable table)
    {
        var json = JsonSerializer.SerializeToNode(table, Json)!;
        foreach (var (row, node) in table.Rows.Zip(json["rows"]!.AsArray()))
        {
            var members = node!.AsObject();
            var place = members.IndexOf("trainLoss");
            foreach (var metric in table.Metrics) members.Insert(place++, Metric.Key("test", metric.Name), JsonSerializer.SerializeToNode(row.Test(metric.Name), Json));
        }
        return json.ToJsonString(Json) + "\n";
    }

    private static void AppendMarkdownRow(StringBuilder text, IEnumerable<string> cells) =>
        text.Append("| ").AppendJoin(" | ", cells).Append(" |\n");

    private static void AppendCsvRow(StringBuilder text, IEnumerable<string> cells) => text.AppendJoin(',', cells).Append("\r\n");

    private static string EscapeMarkdown(string cell) =>
        cell.Replace("\\", "\\\\").Replace("|", "\\|").Replace("<", "&lt;").Replace("\r", "").Replace('\n', ' ');
}
