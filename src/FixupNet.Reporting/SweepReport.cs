using FixupNet.Reporting.Figures;
using FixupNet.Reporting.Page;
using FixupNet.Runs;

namespace FixupNet.Reporting;

/// <summary>Writes the whole report of a sweep, or of a run of its own, also while it goes on.</summary>
public static class SweepReport
{
    /// <summary>The folder of a report where none is named.</summary>
    /// <param name="directory">The folder of a sweep or of a run.</param>
    public static string DefaultFolder(string directory) => new SweepDirectory(directory).ReportFolder;

    /// <summary>Replaces the page, the tables and the figures of a report by those of the results there are so far.</summary>
    /// <param name="directory">The folder of a sweep or of a run, which is only read where the report goes elsewhere.</param>
    /// <param name="folder">Where to write; null for <see cref="DefaultFolder"/>.</param>
    /// <returns>The table, the path of the page, and the paths of the other files written.</returns>
    /// <exception cref="FileNotFoundException">The directory holds neither a sweep nor a run.</exception>
    /// <exception cref="InvalidDataException">The plan, a result or a record of a trial is damaged.</exception>
    /// <exception cref="IOException">A file cannot be written; it is as it was.</exception>
    public static SweepReportResult Write(string directory, string? folder = null)
    {
        folder ??= DefaultFolder(directory);
        var source = ReportSource.Of(directory);
        var results = source.Read();
        var table = SweepTableReader.TableOf(results);
        var figures = ReportFigures.Of(results);
        string[] files =
        [
            .. SweepTableFiles.Write(folder, "table", table), .. SweepTableFiles.Write(folder, "trials", SweepTableReader.TableOf(results.ByTrial())),
            .. SweepFigures.Write(folder, figures.Sections),
        ];
        return new SweepReportResult(table, ReportPage.Write(folder, source, results, table, figures), files);
    }
}
