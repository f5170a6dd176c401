using FixupNet.Reporting.Figures;

namespace FixupNet.Reporting;

/// <summary>Writes the whole report of a sweep, also while the sweep runs.</summary>
public static class SweepReport
{
    /// <summary>Replaces the tables and figures in report/ by those of the results there are so far.</summary>
    /// <param name="sweepDirectory">The sweep's folder.</param>
    /// <returns>The table, and the paths of all files written.</returns>
    /// <exception cref="FileNotFoundException">The folder holds no plan.</exception>
    /// <exception cref="InvalidDataException">The plan, a result or a record of gradient norms is damaged.</exception>
    /// <exception cref="IOException">A file cannot be written; it is as it was.</exception>
    public static SweepReportResult Write(string sweepDirectory)
    {
        var results = SweepResults.Read(sweepDirectory);
        var table = SweepTableReader.TableOf(results);
        return new SweepReportResult(
            table, [.. SweepTableFiles.Write(sweepDirectory, table), .. SweepFigures.Write(sweepDirectory, results)]);
    }
}
