using FixupNet.Reporting.Figures;
using FixupNet.Reporting.Page;
using FixupNet.Runs;

namespace FixupNet.Reporting;

/// <summary>Writes the whole report of a sweep, also while the sweep runs.</summary>
public static class SweepReport
{
    /// <summary>Replaces the page, the tables and the figures in report/ by those of the results there are so far.</summary>
    /// <param name="sweepDirectory">The sweep's folder.</param>
    /// <returns>The table, the path of the page, and the paths of the other files written.</returns>
    /// <exception cref="FileNotFoundException">The folder holds no plan.</exception>
    /// <exception cref="InvalidDataException">The plan, a result or a record of a trial is damaged.</exception>
    /// <exception cref="IOException">A file cannot be written; it is as it was.</exception>
    public static SweepReportResult Write(string sweepDirectory)
    {
        var results = SweepResults.Read(sweepDirectory);
        var table = SweepTableReader.TableOf(results);
        var figures = ReportFigures.Of(results);
        string[] files = [.. SweepTableFiles.Write(sweepDirectory, table), .. SweepFigures.Write(sweepDirectory, figures.Sections)];
        return new SweepReportResult(table, ReportPage.Write(new SweepDirectory(sweepDirectory), results, table, figures), files);
    }
}
