using FixupNet.Runs;

namespace FixupNet.Reporting.Results;

/// <summary>What a report is about: a sweep, or one run of its own.</summary>
/// <param name="Root">Its folder.</param>
/// <param name="IsSweep">Whether it is a sweep.</param>
/// <param name="DocumentFile">Its document as the user wrote it; need not exist.</param>
/// <param name="ResolvedFile">Its document with every default filled in.</param>
internal sealed record ReportSource(string Root, bool IsSweep, string DocumentFile, string ResolvedFile)
{
    /// <summary>Name of its folder.</summary>
    public string FolderName => Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(Root)));

    /// <summary>Finds out what a folder holds.</summary>
    /// <param name="path">A sweep's folder, or a run's.</param>
    /// <exception cref="FileNotFoundException">It is neither.</exception>
    public static ReportSource Of(string path)
    {
        var (sweep, run) = (new SweepDirectory(path), new TrialDirectory(path));
        if (File.Exists(sweep.PlanFile)) return Of(sweep);
        if (File.Exists(run.ConfigFile) || run.IsEnded) return new ReportSource(path, false, run.ConfigFile, run.ConfigFile);
        throw new FileNotFoundException($"{path} holds neither plan.jsonl nor config.json: it is not the folder of a sweep or of a run.");
    }

    /// <summary>A sweep.</summary>
    public static ReportSource Of(SweepDirectory sweep) => new(sweep.Root, true, sweep.SweepFile, sweep.ResolvedSweepFile);

    /// <summary>Reads the results there are so far; of a run, those of a single trial.</summary>
    /// <exception cref="InvalidDataException">The plan or a result is damaged.</exception>
    public SweepResults Read() => IsSweep ? SweepResults.Read(Root) : SweepResults.OfRun(new TrialDirectory(Root), FolderName);
}
