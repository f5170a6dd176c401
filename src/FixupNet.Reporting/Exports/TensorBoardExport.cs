using FixupNet.Reporting.Results;
using FixupNet.Runs;
using FixupNet.Runs.Records;
using FixupNet.Runs.TensorBoard;

namespace FixupNet.Reporting.Exports;

/// <summary>Writes event files for TensorBoard, in a folder a trial.</summary>
/// <remarks>The time of an event is that of the trial's start and the time spent on it until then, for records hold no time of day: breaks
/// between interruptions do not show. Files written live (record.tensorboard) show them.</remarks>
internal static class TensorBoardExport
{
    private const double MostSeconds = 1e9; // over thirty years

    /// <summary>Writes a file for each run that has recorded anything.</summary>
    public static IReadOnlyList<string> Write(IReadOnlyList<ExportedRun> runs, string folder) =>
        [.. runs.Where(run => File.Exists(run.Directory.MetricsFile)).Select(run => Write(run, Path.Combine(folder, run.FolderName)))];

    private static string Write(ExportedRun run, string folder)
    {
        if (Directory.Exists(folder)) foreach (var earlier in Directory.EnumerateFiles(folder, "events.out.tfevents.*")) File.Delete(earlier);
        var started = run.Directory.ReadEnvironment()?.StartedAt ?? DateTimeOffset.UnixEpoch;
        var summary = run.Directory.ReadSummary();
        var elapsed = TimeSpan.Zero;
        using (var board = new TensorBoardRun(folder, () => started + elapsed))
        {
            if (File.Exists(run.Directory.ConfigFile))
            {
                using var config = RunDocument.Read(run.Directory.ConfigFile);
                board.Start(config.RootElement);
            }
            var times = new List<(long Step, TimeSpan Elapsed)>();
            foreach (var line in MetricsLog.Read(run.Directory.MetricsFile))
            {
                elapsed = ElapsedAt(line, summary);
                board.Add(line);
                times.Add((line.Step, elapsed));
            }
            using var norms = GradientNormsLog.Open(run.Directory.GradientNormsFile);
            var known = 0;
            foreach (var line in norms?.Lines() ?? [])
            {
                while (known < times.Count && times[known].Step <= line.Step) known++;
                elapsed = known == 0 ? TimeSpan.Zero : times[known - 1].Elapsed;
                board.Add(line);
            }
            if (summary is not null)
            {
                elapsed = Time(summary.ElapsedSeconds);
                board.End(summary.State, summary.Steps);
            }
        }
        return Directory.GetFiles(folder, "events.out.tfevents.*").Single();
    }

    // Lines of older versions have no time: it is taken to go with the steps.
    private static TimeSpan ElapsedAt(MetricsLine line, TrialSummary? summary) =>
        Time(line.ElapsedSeconds ?? (summary is { Steps: > 0 } ? summary.ElapsedSeconds * line.Step / summary.Steps : 0));

    // A damaged record may hold more than there is of time.
    private static TimeSpan Time(double seconds) => TimeSpan.FromSeconds(seconds is >= 0 and < MostSeconds ? seconds : 0);
}
