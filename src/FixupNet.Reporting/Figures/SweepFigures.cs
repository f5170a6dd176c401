using FixupNet.Runs;
using FixupNet.Runs.Files;

namespace FixupNet.Reporting.Figures;

/// <summary>Draws the figures of a sweep into its report, also while the sweep runs.</summary>
public static class SweepFigures
{
    /// <summary>Replaces report/figures/accuracy-against-depth.svg, which needs a grid of at least two values of model.depth, and
    /// report/figures/gradient-norms.svg, which needs recorded gradient norms. A figure that the results cannot fill is deleted.</summary>
    /// <param name="sweepDirectory">The sweep's folder.</param>
    /// <returns>Paths of the figures written.</returns>
    /// <exception cref="FileNotFoundException">The folder holds no plan.</exception>
    /// <exception cref="InvalidDataException">The plan, a result or a record of gradient norms is damaged.</exception>
    /// <exception cref="IOException">A file cannot be written; it is as it was.</exception>
    public static IReadOnlyList<string> Write(string sweepDirectory) => Write(sweepDirectory, SweepResults.Read(sweepDirectory));

    internal static IReadOnlyList<string> Write(string sweepDirectory, SweepResults results)
    {
        var folder = Path.Combine(new SweepDirectory(sweepDirectory).ReportFolder, "figures");
        Directory.CreateDirectory(folder);
        var series = SweepSeries.Of(results);
        (string Path, string? Drawing)[] figures =
        [
            (Path.Combine(folder, "accuracy-against-depth.svg"), AccuracyFigure.Draw(series)),
            (Path.Combine(folder, "gradient-norms.svg"), GradientNormFigure.Draw(series)),
        ];
        foreach (var (path, drawing) in figures)
        {
            if (drawing is null) File.Delete(path); // of results that are gone, after a retry for example
            else DurableFile.WriteAllText(path, drawing);
        }
        return [.. figures.Where(figure => figure.Drawing is not null).Select(figure => figure.Path)];
    }
}
