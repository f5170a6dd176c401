using System.Globalization;
using System.Text.Json;

namespace FixupNet.Reporting.Exports;

/// <summary>Writes rows of CSV (RFC 4180) with a point in numbers: exact numbers, an empty cell where there is no value.</summary>
/// <remarks>A text that a spreadsheet would take for a formula gets an apostrophe before it.</remarks>
internal static class CsvWriter
{
    /// <summary>A text as a cell.</summary>
    public static string Cell(string text)
    {
        var safe = text.Length > 0 && "=+-@\t\r".Contains(text[0]) ? "'" + text : text;
        return safe.AsSpan().ContainsAny(",\"\r\n") ? $"\"{safe.Replace("\"", "\"\"")}\"" : safe;
    }

    /// <summary>Any value as a cell.</summary>
    public static string Cell(object? value) => value switch
    {
        null => "",
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        JsonElement { ValueKind: JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False } json => json.GetRawText(),
        JsonElement { ValueKind: JsonValueKind.String } json => Cell(json.GetString()!),
        JsonElement json => Cell(json.GetRawText()),
        string text => Cell(text),
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        _ => throw new ArgumentException($"{value.GetType()} is no value of a cell.", nameof(value)),
    };

    /// <summary>Writes one row.</summary>
    public static void WriteRow(TextWriter output, params IEnumerable<object?> cells)
    {
        output.Write(string.Join(',', cells.Select(Cell)));
        output.Write("\r\n");
    }
}
