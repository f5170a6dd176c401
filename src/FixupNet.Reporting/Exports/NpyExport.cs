using FixupNet.Runs;
using FixupNet.Runs.Files;
using FixupNet.Runs.Records;

namespace FixupNet.Reporting.Exports;

/// <summary>Writes arrays for NumPy, in a folder a trial: gradient-norms.npy [steps, layers] with its steps.npy and layers.txt, and
/// metrics.npy, a structured array with a row a line of metrics.</summary>
internal static class NpyExport
{
    private const string MetricsType =
        "[('seq', '<i8'), ('step', '<i8'), ('epoch', '<f8'), ('split', '<U5'), ('loss', '<f8'), ('accuracy', '<f8'), ('gradientNorm', '<f8'), "
        + "('learningRate', '<f8'), ('imagesPerSecond', '<f8'), ('peakMemoryBytes', '<f8'), ('averagedSteps', '<f8'), ('elapsedSeconds', '<f8')]";

    private const int SplitLetters = 5;

    /// <summary>Writes the arrays of all runs; what a run has not recorded gets no file.</summary>
    public static IReadOnlyList<string> Write(IReadOnlyList<ExportedRun> runs, string folder) =>
        [.. runs.SelectMany(run => Write(run, Path.Combine(folder, run.FolderName)))];

    private static List<string> Write(ExportedRun run, string folder)
    {
        Directory.CreateDirectory(folder);
        var files = new List<string>();
        if (File.Exists(run.Directory.MetricsFile))
            files.Add(NpyFile.Write(Path.Combine(folder, "metrics.npy"), MetricsType, null, MetricsLog.Read(run.Directory.MetricsFile).Select(Row)));
        using var norms = GradientNormReader.Open(run);
        if (norms is null) return files;
        var steps = new List<long>();
        files.Add(NpyFile.WriteDoubles(Path.Combine(folder, "gradient-norms.npy"), norms.Layers.Count, norms.Lines().Select(line =>
        {
            steps.Add(line.Step);
            return line.Norms.AsEnumerable();
        })));
        files.Add(NpyFile.Write(Path.Combine(folder, "steps.npy"), "'<i8'", null,
            steps.Select<long, Action<BinaryWriter>>(step => writer => writer.Write(step))));
        files.Add(Path.Combine(folder, "layers.txt"));
        DurableFile.WriteAllText(files[^1], string.Join('\n', norms.Layers) + "\n");
        return files;
    }

    // In the order of MetricsType; NaN where there is no value, for NumPy's numbers know no other way to say so.
    private static Action<BinaryWriter> Row(MetricsLine line) => writer =>
    {
        writer.Write(line.Seq);
        writer.Write(line.Step);
        writer.Write(line.Epoch);
        foreach (var letter in (line.Split == MetricsSplit.Train ? "train" : "test").PadRight(SplitLetters, '\0')) writer.Write((int)letter);
        writer.Write(line.Loss);
        writer.Write(line.Accuracy);
        writer.Write(line.GradientNorm ?? double.NaN);
        writer.Write(line.LearningRate ?? double.NaN);
        writer.Write(line.ImagesPerSecond ?? double.NaN);
        writer.Write(line.PeakMemoryBytes ?? double.NaN);
        writer.Write(line.AveragedSteps ?? double.NaN);
        writer.Write(line.ElapsedSeconds ?? double.NaN);
    };
}
