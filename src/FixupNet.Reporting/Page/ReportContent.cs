using FixupNet.Reporting.Figures;
using FixupNet.Reporting.Results;
using FixupNet.Reporting.Tables;
using FixupNet.Runs;
using FixupNet.Runs.Records;

namespace FixupNet.Reporting.Page;

/// <summary>What a report shows.</summary>
/// <param name="Sources">The sweeps and runs that it is about.</param>
/// <param name="Results">Their results.</param>
/// <param name="Joint">How the results of several were put together; null of one.</param>
internal sealed record ReportContent(IReadOnlyList<ReportSource> Sources, SweepResults Results, JointResults? Joint = null)
{
    /// <summary>The results as a table.</summary>
    public SweepTable Table { get; } = SweepTableReader.TableOf(Results);

    /// <summary>What studies of the trained networks found.</summary>
    public IReadOnlyList<StudyAnswers> Studies { get; } = StudyAnswers.Read(Results);

    /// <summary>What studies of a sweep as a whole found; none where several sweeps are shown together.</summary>
    public IReadOnlyList<StudyRecord> SweepStudies { get; } = Sources is [{ IsSweep: true } sweep] ? StudyAnswers.OfSweep(new SweepDirectory(sweep.Root)) : [];

    /// <summary>Whether anything was asked of the networks, or of the sweep.</summary>
    public bool HasStudies => Studies.Count + SweepStudies.Count > 0;

    /// <summary>The results as figures.</summary>
    public ReportFigures Figures => field ??= ReportFigures.Of(Results, Studies, SweepStudies);

    /// <summary>Reads the results there are so far.</summary>
    /// <param name="directories">Folders of sweeps and runs, at least one.</param>
    /// <param name="grouping">How equal configurations of several are shown.</param>
    /// <exception cref="FileNotFoundException">A directory holds neither a sweep nor a run.</exception>
    /// <exception cref="InvalidDataException">A plan, a result or a record of a trial is damaged.</exception>
    public static ReportContent Read(IReadOnlyList<string> directories, JointGrouping grouping)
    {
        IReadOnlyList<ReportSource> sources = [.. directories.Select(ReportSource.Of)];
        if (sources is [var source]) return new ReportContent(sources, source.Read());
        var joint = JointResults.Read(sources, grouping);
        return new ReportContent(sources, joint.Results, joint);
    }
}
