using FixupNet.Runs.Files;

namespace FixupNet.Reporting.Tables;

/// <summary>Writes a table into a report.</summary>
public static class SweepTableFiles
{
    /// <summary>Replaces NAME.md, NAME.csv and NAME.json.</summary>
    /// <param name="folder">The report's folder.</param>
    /// <param name="name">The table's name: "table" of a row for each combination of the grid, "trials" of a row for each trial.</param>
    /// <param name="table">The table.</param>
    /// <returns>Paths of the three files.</returns>
    /// <exception cref="IOException">A file cannot be written; it is as it was.</exception>
    public static IReadOnlyList<string> Write(string folder, string name, SweepTable table)
    {
        Directory.CreateDirectory(folder);
        (string Path, string Text)[] files =
        [
            (Path.Combine(folder, $"{name}.md"), SweepTableText.ToMarkdown(table)),
            (Path.Combine(folder, $"{name}.csv"), SweepTableText.ToCsv(table)),
            (Path.Combine(folder, $"{name}.json"), SweepTableText.ToJson(table)),
        ];
        foreach (var (path, text) in files) DurableFile.WriteAllText(path, text);
        return [.. files.Select(file => file.Path)];
    }
}
