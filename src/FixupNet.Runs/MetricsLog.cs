using FixupNet.Runs.Json;
using FixupNet.Runs.Records;

namespace FixupNet.Runs;

/// <summary>Reads metrics.jsonl of any version in today's meaning: "step" is the number of updates the weights had where a value was measured.</summary>
public static class MetricsLog
{
    /// <summary>Reads the lines one by one; a damaged end is left out.</summary>
    /// <param name="path">The file, which need not exist.</param>
    /// <exception cref="InvalidDataException">A line before the end is damaged.</exception>
    public static IEnumerable<MetricsLine> Read(string path)
    {
        if (!File.Exists(path)) yield break;
        MetricsLine? held = null;
        foreach (var line in JsonLinesReader.ReadAll<MetricsLine>(path))
        {
            if (held is not null) yield return AsMeasured(held, isLast: false);
            held = line;
        }
        if (held is not null) yield return AsMeasured(held, isLast: true);
    }

    // A training line without its number of steps counts the update that its last step led to. A step that ended its run by a value that is
    // not finite led to none; its epoch is counted all the same.
    private static MetricsLine AsMeasured(MetricsLine line, bool isLast)
    {
        if (line.Split != MetricsSplit.Train || line.AveragedSteps is not null) return line;
        var endedTheRun = isLast && !(double.IsFinite(line.Values.Loss) && double.IsFinite(line.GradientNorm ?? 0));
        var step = endedTheRun ? line.Step : Math.Max(0, line.Step - 1);
        return line with { Step = step, Epoch = line.Epoch * step / (step + 1) };
    }
}
