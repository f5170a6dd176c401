using FixupNet.Reporting.Figures;
using FixupNet.Reporting.Page;
using FixupNet.Reporting.Results;
using FixupNet.Reporting.Tables;
using FixupNet.Runs;
using FixupNet.Runs.Files;

namespace FixupNet.Reporting;

/// <summary>Writes the whole report of a sweep, of a run of its own, or of several in one, also while they go on.</summary>
public static class SweepReport
{
    private const string JointFolderName = "joint";
    private const int LongestName = 120;

    /// <summary>The folder of a report where none is named.</summary>
    /// <param name="directory">The folder of a sweep or of a run.</param>
    public static string DefaultFolder(string directory) => new SweepDirectory(directory).ReportFolder;

    /// <summary>The folder of what is made of several sweeps or runs, where none is named: the same for the same ones.</summary>
    /// <param name="runsFolder">The folder of all runs.</param>
    /// <param name="directories">The folders of the sweeps or runs.</param>
    public static string JointFolder(string runsFolder, IReadOnlyList<string> directories)
    {
        List<string> names = [.. directories.Select(directory => Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory))))];
        var name = string.Join('+', names);
        if (name.Length > LongestName) name = $"{names[0]}+{names.Count - 1}-more";
        // Folders of the same names may lie in different places.
        return Path.Combine(runsFolder, JointFolderName, $"{name}-{RunNames.Hash(string.Join('\n', directories.Select(Path.GetFullPath)), 6)}");
    }

    /// <summary>Replaces the page, the tables and the figures of a report by those of the results there are so far.</summary>
    /// <param name="directory">The folder of a sweep or of a run, which is only read where the report goes elsewhere.</param>
    /// <param name="folder">Where to write; null for <see cref="DefaultFolder"/>.</param>
    /// <returns>The table, the path of the page, and the paths of the other files written.</returns>
    /// <exception cref="FileNotFoundException">The directory holds neither a sweep nor a run.</exception>
    /// <exception cref="InvalidDataException">The plan, a result or a record of a trial is damaged.</exception>
    /// <exception cref="IOException">A file cannot be written; it is as it was.</exception>
    public static SweepReportResult Write(string directory, string? folder = null) => Write([directory], folder ?? DefaultFolder(directory));

    /// <summary>Replaces the page, the tables and the figures of a report on several sweeps or runs.</summary>
    /// <param name="directories">Their folders, which are only read.</param>
    /// <param name="folder">Where to write.</param>
    /// <param name="grouping">How equal configurations are shown that several of them hold.</param>
    /// <returns>The table, the path of the page, and the paths of the other files written.</returns>
    /// <exception cref="FileNotFoundException">A directory holds neither a sweep nor a run.</exception>
    /// <exception cref="InvalidDataException">A plan, a result or a record of a trial is damaged.</exception>
    /// <exception cref="IOException">A file cannot be written; it is as it was.</exception>
    public static SweepReportResult Write(IReadOnlyList<string> directories, string folder, JointGrouping grouping = JointGrouping.Auto)
    {
        var content = ReportContent.Read(directories, grouping);
        string[] files =
        [
            .. SweepTableFiles.Write(folder, "table", content.Table),
            .. SweepTableFiles.Write(folder, "trials", SweepTableReader.TableOf(content.Results.ByTrial())),
            .. SweepFigures.Write(folder, content.Figures.All),
        ];
        return new SweepReportResult(content.Table, ReportPage.Write(folder, content), files);
    }
}
