using FixupNet.Cli.Host;
using FixupNet.Reporting;
using FixupNet.Reporting.Tables;

namespace FixupNet.Cli.Display;

/// <summary>The table of a sweep on the console.</summary>
internal static class SweepTableDisplay
{
    /// <summary>Writes the table as people read it.</summary>
    public static void Write(CliHost host, SweepTable table)
    {
        var columns = table.Columns();
        var text = new TextTable([.. columns.Select(column => (column.IsNumber ? ">" : "") + column.Header)]) { KeyColumns = table.Keys.Count };
        foreach (var row in table.Rows) text.Add([.. columns.Select(column => column.Cell(row))]);
        text.WriteTo(host.Output, host.OutputWidth);
    }
}
