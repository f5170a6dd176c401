namespace FixupNet.Runs.Records;

/// <summary>One line of metrics.jsonl.</summary>
/// <param name="Seq">Number of the line, from 0; orders lines where clocks cannot.</param>
/// <param name="Step">Optimizer steps done.</param>
/// <param name="Epoch">Epochs done, with fraction.</param>
/// <param name="Split">Which examples the values are about.</param>
/// <param name="Loss">Mean cross-entropy; need not be finite.</param>
/// <param name="Accuracy">Share of examples classified correctly, in [0, 1].</param>
/// <param name="GradientNorm">L2 norm of the whole gradient; need not be finite.</param>
/// <param name="LearningRate">Step size η of the weights.</param>
/// <param name="ImagesPerSecond">Training images per second of wall-clock time.</param>
/// <param name="PeakMemoryBytes">Most memory held so far.</param>
public sealed record MetricsLine(
    long Seq,
    long Step,
    double Epoch,
    MetricsSplit Split,
    double Loss,
    double Accuracy,
    double? GradientNorm = null,
    double? LearningRate = null,
    double? ImagesPerSecond = null,
    long? PeakMemoryBytes = null);
