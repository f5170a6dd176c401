using FixupNet.Runs;
using FixupNet.Runs.Files;

namespace FixupNet.Reporting.Figures;

/// <summary>Draws the figures of a sweep into its report, also while the sweep runs.</summary>
public static class SweepFigures
{
    /// <summary>Replaces the SVG files in report/figures/ by those of the results there are so far; a figure that they cannot fill is
    /// deleted.</summary>
    /// <param name="sweepDirectory">The sweep's folder.</param>
    /// <returns>Paths of the figures written.</returns>
    /// <exception cref="FileNotFoundException">The folder holds no plan.</exception>
    /// <exception cref="InvalidDataException">The plan, a result or a record of a trial is damaged.</exception>
    /// <exception cref="IOException">A file cannot be written; it is as it was.</exception>
    public static IReadOnlyList<string> Write(string sweepDirectory) =>
        Write(sweepDirectory, ReportFigures.Of(SweepResults.Read(sweepDirectory)).Sections);

    internal static IReadOnlyList<string> Write(string sweepDirectory, IReadOnlyList<FigureSection> sections)
    {
        var folder = Path.Combine(new SweepDirectory(sweepDirectory).ReportFolder, "figures");
        Directory.CreateDirectory(folder);
        var figures = sections.SelectMany(section => section.Figures).Select(figure => (Path: Path.Combine(folder, figure.Name + ".svg"), figure)).ToList();
        // Of results that are gone, after a retry for example.
        foreach (var stale in Directory.GetFiles(folder, "*.svg").Except(figures.Select(pair => pair.Path))) File.Delete(stale);
        foreach (var (path, figure) in figures) DurableFile.WriteAllText(path, figure.ToSvg());
        return [.. figures.Select(pair => pair.Path)];
    }
}
