using FixupNet.Runs.Files;

namespace FixupNet.Reporting.Figures;

/// <summary>Draws figures into a report.</summary>
internal static class SweepFigures
{
    /// <summary>Replaces the SVG files in figures/ by those of the results there are so far; a figure that they cannot fill is deleted.</summary>
    /// <param name="reportFolder">The report's folder.</param>
    /// <param name="all">The figures.</param>
    /// <returns>Paths of the figures written.</returns>
    /// <exception cref="IOException">A file cannot be written; it is as it was.</exception>
    public static IReadOnlyList<string> Write(string reportFolder, IEnumerable<Figure> all)
    {
        var folder = Path.Combine(reportFolder, "figures");
        Directory.CreateDirectory(folder);
        var figures = all.Select(figure => (Path: Path.Combine(folder, figure.Name + ".svg"), figure)).ToList();
        // Of results that are gone, after a retry for example.
        foreach (var stale in Directory.GetFiles(folder, "*.svg").Except(figures.Select(pair => pair.Path))) File.Delete(stale);
        foreach (var (path, figure) in figures) DurableFile.WriteAllText(path, figure.ToSvg());
        return [.. figures.Select(pair => pair.Path)];
    }
}
