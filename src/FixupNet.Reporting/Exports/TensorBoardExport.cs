using FixupNet.Runs.TensorBoard;

namespace FixupNet.Reporting.Exports;

/// <summary>Writes event files for TensorBoard, in a folder a trial.</summary>
/// <remarks>The records hold no time of day, so that every event has the time the trial was started; its step is right. Files written live
/// (record.tensorboard) have both.</remarks>
internal static class TensorBoardExport
{
    /// <summary>Writes a file for each run that has recorded anything.</summary>
    public static IReadOnlyList<string> Write(IReadOnlyList<ExportedRun> runs, string folder) =>
        [.. runs.Where(run => File.Exists(run.Directory.MetricsFile)).Select(run => Write(run, Path.Combine(folder, run.FolderName)))];

    private static string Write(ExportedRun run, string folder)
    {
        if (Directory.Exists(folder)) foreach (var earlier in Directory.EnumerateFiles(folder, "events.out.tfevents.*")) File.Delete(earlier);
        var started = run.Directory.ReadEnvironment()?.StartedAt ?? DateTimeOffset.UnixEpoch;
        using (var board = new TensorBoardRun(folder, () => started))
        {
            if (File.Exists(run.Directory.ConfigFile))
            {
                using var config = RunDocument.Read(run.Directory.ConfigFile);
                board.Start(config.RootElement);
            }
            foreach (var line in RunRecords.Metrics(run)) board.Add(line);
            using var norms = GradientNormReader.Open(run);
            foreach (var line in norms?.Lines() ?? []) board.Add(line);
            if (run.Directory.ReadSummary() is { } summary) board.End(summary.State, summary.Steps);
        }
        return Directory.GetFiles(folder, "events.out.tfevents.*").Single();
    }
}
