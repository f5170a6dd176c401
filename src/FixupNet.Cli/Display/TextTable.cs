using System.Text;
using FixupNet.Runs;

namespace FixupNet.Cli.Display;

/// <summary>A table in plain text: columns two spaces apart, the same on a terminal, in a pipe and in a log. What cells hold is shown and
/// never obeyed by a terminal.</summary>
/// <param name="headers">Names of the columns; one that begins with ">" aligns to the right.</param>
internal sealed class TextTable(params IReadOnlyList<string> headers)
{
    private const int Gap = 2;

    private readonly List<IReadOnlyList<string>> _rows = [];

    /// <summary>Columns at the left that name a row: they come again where the others do not fit beside them.</summary>
    public int KeyColumns { get; init; } = 1;

    /// <summary>Adds a row.</summary>
    /// <param name="cells">As many texts as there are columns.</param>
    public void Add(params IReadOnlyList<string> cells) => _rows.Add([.. cells.Select(PrintableText.Of)]);

    /// <summary>Writes the headers, unless all are empty, and the rows.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="width">Columns of the terminal, into which the table is broken; null for none.</param>
    public void WriteTo(TextWriter output, int? width = null)
    {
        List<string> names = [.. headers.Select(header => PrintableText.Of(header.TrimStart('>')))];
        int[] widths = [.. names.Select((name, column) => _rows.Select(row => row[column].Length).Append(name.Length).Max())];
        foreach (var (part, columns) in Parts(widths, width).Index())
        {
            if (part > 0) output.WriteLine();
            if (names.Any(name => name.Length > 0)) output.WriteLine(Line(names, widths, columns));
            foreach (var row in _rows) output.WriteLine(Line(row, widths, columns));
        }
    }

    // Each part has the columns that name a row, and at least one more: a column is never cut.
    private IEnumerable<IReadOnlyList<int>> Parts(int[] widths, int? width)
    {
        List<int> keys = [.. Enumerable.Range(0, Math.Min(KeyColumns, widths.Length))];
        var (part, used) = (new List<int>(keys), keys.Sum(column => widths[column] + Gap));
        for (var column = keys.Count; column < widths.Length; column++)
        {
            if (part.Count > keys.Count && used + widths[column] > width)
            {
                yield return part;
                (part, used) = (new List<int>(keys), keys.Sum(key => widths[key] + Gap));
            }
            part.Add(column);
            used += widths[column] + Gap;
        }
        yield return part;
    }

    private string Line(IReadOnlyList<string> cells, int[] widths, IReadOnlyList<int> columns)
    {
        var line = new StringBuilder();
        foreach (var column in columns)
        {
            if (column != columns[0]) line.Append(' ', Gap);
            line.Append(headers[column].StartsWith('>') ? cells[column].PadLeft(widths[column]) : cells[column].PadRight(widths[column]));
        }
        return line.ToString().TrimEnd();
    }
}
