using FixupNet.Runs;
using FixupNet.Runs.Files;

namespace FixupNet.Reporting;

/// <summary>Writes a table into the report of its sweep.</summary>
public static class SweepTableFiles
{
    /// <summary>Replaces report/table.md, report/table.csv and report/table.json.</summary>
    /// <param name="sweepDirectory">The sweep's folder.</param>
    /// <param name="table">The table.</param>
    /// <returns>Paths of the three files.</returns>
    /// <exception cref="IOException">A file cannot be written; it is as it was.</exception>
    public static IReadOnlyList<string> Write(string sweepDirectory, SweepTable table)
    {
        var folder = new SweepDirectory(sweepDirectory).ReportFolder;
        Directory.CreateDirectory(folder);
        (string Path, string Text)[] files =
        [
            (Path.Combine(folder, "table.md"), SweepTableText.ToMarkdown(table)),
            (Path.Combine(folder, "table.csv"), SweepTableText.ToCsv(table)),
            (Path.Combine(folder, "table.json"), SweepTableText.ToJson(table)),
        ];
        foreach (var (path, text) in files) DurableFile.WriteAllText(path, text);
        return [.. files.Select(file => file.Path)];
    }
}
