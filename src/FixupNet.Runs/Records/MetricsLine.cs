using System.Text.Json;
using System.Text.Json.Serialization;
using FixupNet.Runs.Metrics;

namespace FixupNet.Runs.Records;

/// <summary>One line of metrics.jsonl; read old and new ones with <see cref="MetricsLog"/>.</summary>
/// <remarks>Of training, the metrics' values are means over the steps since the line before, up to this one; the other values are those of this
/// step. In the file the metrics stand beside the other members, by their names.</remarks>
/// <param name="Seq">Number of the line, from 0; orders lines where clocks cannot.</param>
/// <param name="Step">Updates the weights have had where the values were measured; 0 is the initialization.</param>
/// <param name="Epoch">Passes over the training set at that time, with fraction.</param>
/// <param name="Split">Which examples the values are about.</param>
/// <param name="Values">Values of the task's metrics; need not be finite.</param>
/// <param name="GradientNorm">L2 norm of the whole gradient, before gradient transforms; need not be finite.</param>
/// <param name="LearningRate">Step size η of the weights.</param>
/// <param name="ImagesPerSecond">Training images per second of wall-clock time; null where examples are no images.</param>
/// <param name="PeakMemoryBytes">Most memory held so far.</param>
/// <param name="AveragedSteps">Steps that the metrics are means over; null on test lines, and on lines of versions before it, which
/// gave the update that a step led to as "step".</param>
/// <param name="ElapsedSeconds">Time spent on the run so far, over all processes that worked on it.</param>
/// <param name="TransformedGradientNorm">L2 norm of the whole gradient as the optimizer saw it; null where there are no gradient transforms.</param>
/// <param name="Clipped">What share of its units, in [0, 1], each gradient transform changed, by its name; null where there are none.</param>
/// <param name="ExamplesPerSecond">Training examples per second of wall-clock time; null where they are images.</param>
/// <param name="WaitedShare">Share of the time of these steps, in [0, 1], that they waited for examples to be read; null where all are in memory.</param>
[JsonConverter(typeof(MetricsLineJson))]
public sealed record MetricsLine(
    long Seq,
    long Step,
    double Epoch,
    MetricsSplit Split,
    MetricValues Values,
    double? GradientNorm = null,
    double? LearningRate = null,
    double? ImagesPerSecond = null,
    long? PeakMemoryBytes = null,
    int? AveragedSteps = null,
    double? ElapsedSeconds = null,
    double? TransformedGradientNorm = null,
    IReadOnlyDictionary<string, double>? Clipped = null,
    double? ExamplesPerSecond = null,
    double? WaitedShare = null)
{
    /// <summary>Training examples per second, of whatever kind.</summary>
    public double? Speed => ImagesPerSecond ?? ExamplesPerSecond;
}
