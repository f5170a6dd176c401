using FixupNet.Runs.Files;
using FixupNet.Runs.Records;

namespace FixupNet.Reporting.Exports;

/// <summary>What a run has written, line by line.</summary>
internal static class RunRecords
{
    /// <summary>Its metrics; none before the first line was written.</summary>
    public static IEnumerable<MetricsLine> Metrics(ExportedRun run) =>
        File.Exists(run.Directory.MetricsFile) ? JsonLinesReader.ReadAll<MetricsLine>(run.Directory.MetricsFile) : [];
}
