using System.Text;
using FixupNet.Runs;

namespace FixupNet.Cli.Display;

/// <summary>A table in plain text: columns two spaces apart, the same on a terminal, in a pipe and in a log. What cells hold is shown and
/// never obeyed by a terminal.</summary>
/// <param name="headers">Names of the columns; one that begins with ">" aligns to the right.</param>
internal sealed class TextTable(params IReadOnlyList<string> headers)
{
    private readonly List<IReadOnlyList<string>> _rows = [];

    /// <summary>Adds a row.</summary>
    /// <param name="cells">As many texts as there are columns.</param>
    public void Add(params IReadOnlyList<string> cells) => _rows.Add([.. cells.Select(PrintableText.Of)]);

    /// <summary>Writes the headers, unless all are empty, and the rows.</summary>
    public void WriteTo(TextWriter output)
    {
        List<string> names = [.. headers.Select(header => PrintableText.Of(header.TrimStart('>')))];
        int[] widths = [.. names.Select((name, column) => _rows.Select(row => row[column].Length).Append(name.Length).Max())];
        if (names.Any(name => name.Length > 0)) output.WriteLine(Line(names, widths));
        foreach (var row in _rows) output.WriteLine(Line(row, widths));
    }

    private string Line(IReadOnlyList<string> cells, int[] widths)
    {
        var line = new StringBuilder();
        foreach (var (column, cell) in cells.Index())
        {
            if (column > 0) line.Append("  ");
            line.Append(headers[column].StartsWith('>') ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column]));
        }
        return line.ToString().TrimEnd();
    }
}
