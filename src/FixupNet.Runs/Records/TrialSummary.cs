using System.Text.Json.Serialization;
using FixupNet.Runs.Metrics;

namespace FixupNet.Runs.Records;

/// <summary>Content of summary.json, which exists exactly when the trial has ended.</summary>
/// <param name="State">How it ended: completed, diverged, failed or stopped.</param>
/// <param name="Steps">Optimizer steps done.</param>
/// <param name="Epochs">Epochs done, with fraction.</param>
/// <param name="ElapsedSeconds">Time spent training and testing, over all processes that worked on the trial.</param>
/// <param name="Train">Last values on training examples.</param>
/// <param name="Test">Last values on test examples.</param>
/// <param name="Best">The test with the best value of the metric that chooses it.</param>
/// <param name="Divergence">Where a value stopped being finite.</param>
/// <param name="GradientNorms">Gradient norms, where they were recorded.</param>
/// <param name="ImagesPerSecond">Training images per second of training time; null where examples are no images.</param>
/// <param name="PeakMemoryBytes">Most memory held.</param>
/// <param name="ParameterCount">Numbers the model learns.</param>
/// <param name="ExamplesPerSecond">Training examples per second of training time; null where they are images.</param>
/// <param name="WaitedShare">Share of training time, in [0, 1], that steps waited for examples to be read; null where all are in memory.</param>
public sealed record TrialSummary(
    TrialState State,
    long Steps,
    double Epochs,
    double ElapsedSeconds,
    MetricValues? Train = null,
    MetricValues? Test = null,
    BestResult? Best = null,
    DivergenceRecord? Divergence = null,
    GradientNormsSummary? GradientNorms = null,
    double? ImagesPerSecond = null,
    long? PeakMemoryBytes = null,
    long? ParameterCount = null,
    double? ExamplesPerSecond = null,
    double? WaitedShare = null)
{
    /// <summary>Training examples per second, of whatever kind.</summary>
    [JsonIgnore]
    public double? Speed => ImagesPerSecond ?? ExamplesPerSecond;
}
