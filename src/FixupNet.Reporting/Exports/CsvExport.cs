using System.Text;
using FixupNet.Reporting.Results;
using FixupNet.Runs;
using FixupNet.Runs.Files;
using FixupNet.Runs.Metrics;
using FixupNet.Runs.Records;

namespace FixupNet.Reporting.Exports;

/// <summary>Writes tidy tables: summary.csv has a row a trial, metrics.csv a row a line of metrics, gradient-norms.csv a row a step and
/// layer. The column "trial" connects them; of several sweeps, "sweep" and "trial" do.</summary>
internal static class CsvExport
{
    // Where no summary has one, the table is as ever.
    private static readonly (string Name, Func<TrialSummary, double?> Of)[] s_occasional =
        [("examplesPerSecond", summary => summary.ExamplesPerSecond), ("waitedShare", summary => summary.WaitedShare)];

    /// <summary>Writes the three tables.</summary>
    public static IReadOnlyList<string> Write(IReadOnlyList<ExportedRun> runs, string folder) =>
    [
        WriteTable(folder, "summary.csv", output => WriteSummaries(output, runs)),
        WriteTable(folder, "metrics.csv", output => WriteMetrics(output, runs)),
        WriteTable(folder, "gradient-norms.csv", output => WriteGradientNorms(output, runs)),
    ];

    // Rows go to the disk as they are made: with 10,000 layers a table has millions of them.
    private static string WriteTable(string folder, string name, Action<TextWriter> write)
    {
        var path = Path.Combine(folder, name);
        DurableFile.Write(path, stream =>
        {
            using var output = new StreamWriter(stream, new UTF8Encoding(false), bufferSize: 1 << 16, leaveOpen: true);
            write(output);
        });
        return path;
    }

    private static void WriteSummaries(TextWriter output, IReadOnlyList<ExportedRun> runs)
    {
        List<string> keys = [.. runs.SelectMany(run => run.Parameters.Keys).Distinct()];
        List<TrialSummary?> summaries = [.. runs.Select(run => run.Directory.ReadSummary())];
        var metrics = ExportedRun.OrUsual(summaries.SelectMany(summary => (summary?.Train ?? []).Concat(summary?.Test ?? [])).Select(value => value.Name));
        List<string> best = [.. summaries.Select(summary => summary?.Best?.Metric).OfType<string>().Distinct().DefaultIfEmpty(Metric.Accuracy.Name)];
        var occasional = s_occasional.Where(column => summaries.Any(summary => summary is not null && column.Of(summary) is not null)).ToList();
        CsvWriter.WriteRow(output,
        [
            .. SweepColumn(runs), "trial", "name", "seed", .. keys, "state", "steps", "epochs", "elapsedSeconds", .. metrics.Select(name => Metric.Key("train", name)),
            .. metrics.Select(name => Metric.Key("test", name)), "bestEpoch", .. best.Select(name => Metric.Key("bestTest", name)), "divergenceStep", "divergenceLayer",
            "divergenceWhat", "firstLayer", "firstLayerGradientNorm", "lastLayer", "lastLayerGradientNorm", "maxGradientNorm", "imagesPerSecond", "peakMemoryBytes",
            "parameterCount", "deadSinceStep", .. occasional.Select(column => column.Name),
        ]);
        foreach (var (run, summary) in runs.Zip(summaries))
        {
            var (train, test, divergence, norms) = (summary?.Train, summary?.Test, summary?.Divergence, summary?.GradientNorms);
            CsvWriter.WriteRow(output,
            [
                .. SweepCell(run), run.Index, run.Name, run.Seed, .. keys.Select(key => run.Parameters.TryGetValue(key, out var value) ? value : (object?)null),
                run.Directory.ReadState().ToString().ToLowerInvariant(), summary?.Steps, summary?.Epochs, summary?.ElapsedSeconds,
                .. metrics.Select(name => (object?)train?[name]), .. metrics.Select(name => (object?)test?[name]), summary?.Best?.Epoch,
                .. best.Select(name => summary?.Best is { } found && found.Metric == name ? (object?)found.Value : null),
                divergence?.Step, divergence?.Layer, divergence?.What, norms?.FirstLayer, norms?.FirstLayerNorm, norms?.LastLayer,
                norms?.LastLayerNorm, norms?.MaxTotalNorm, summary?.ImagesPerSecond, summary?.PeakMemoryBytes, summary?.ParameterCount,
                norms?.DeadSinceStep, .. occasional.Select(column => summary is null ? null : (object?)column.Of(summary)),
            ]);
        }
    }

    private static void WriteMetrics(TextWriter output, IReadOnlyList<ExportedRun> runs)
    {
        var (metrics, occasional) = ExportedRun.ColumnsOf(runs);
        CsvWriter.WriteRow(output,
        [
            .. SweepColumn(runs), "trial", "seq", "step", "epoch", "split", .. metrics, "gradientNorm", "learningRate", "imagesPerSecond", "peakMemoryBytes",
            "averagedSteps", "elapsedSeconds", .. occasional.Select(column => column.Name),
        ]);
        foreach (var run in runs)
            foreach (var line in MetricsLog.Read(run.Directory.MetricsFile))
                CsvWriter.WriteRow(output,
                [
                    .. SweepCell(run), run.Index, line.Seq, line.Step, line.Epoch, line.Split == MetricsSplit.Train ? "train" : "test",
                    .. metrics.Select(name => (object?)line.Values[name]), line.GradientNorm, line.LearningRate, line.ImagesPerSecond, line.PeakMemoryBytes,
                    line.AveragedSteps, line.ElapsedSeconds, .. occasional.Select(column => (object?)column.Of(line)),
                ]);
    }

    private static void WriteGradientNorms(TextWriter output, IReadOnlyList<ExportedRun> runs)
    {
        CsvWriter.WriteRow(output, [.. SweepColumn(runs), "trial", "step", "epoch", "layerIndex", "layer", "norm"]);
        foreach (var run in runs)
        {
            using var norms = GradientNormsLog.Open(run.Directory.GradientNormsFile);
            foreach (var line in norms?.Lines() ?? [])
                foreach (var (i, norm) in line.Norms.Index()) CsvWriter.WriteRow(output, [.. SweepCell(run), run.Index, line.Step, line.Epoch, i, norms!.Layers[i], norm]);
        }
    }

    private static string[] SweepColumn(IReadOnlyList<ExportedRun> runs) => runs.Any(run => run.Sweep is not null) ? [JointResults.SweepKey] : [];

    private static string[] SweepCell(ExportedRun run) => run.Sweep is { } sweep ? [sweep] : [];
}
