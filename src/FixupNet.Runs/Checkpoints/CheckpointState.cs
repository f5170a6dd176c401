using System.Text.Json.Serialization;
using FixupNet.Runs.Metrics;
using FixupNet.Runs.Records;

namespace FixupNet.Runs.Checkpoints;

/// <summary>Content of state.json: beside the tensors all that the next step depends on.</summary>
/// <remarks>Random numbers need no state: each is a function of seed, epoch and position.</remarks>
/// <param name="Position">Where training stood.</param>
/// <param name="Metrics">Training values that no line of metrics.jsonl holds yet.</param>
/// <param name="Summary">What summary.json will tell, so far.</param>
/// <param name="Arithmetic">What decides how sums round.</param>
/// <param name="DatasetDigest">SHA-256 of the dataset's tensors.</param>
public sealed record CheckpointState(
    TrainingPosition Position, MetricsProgress Metrics, SummaryProgress Summary, ArithmeticSetting Arithmetic, string DatasetDigest);

/// <summary>A point between two steps.</summary>
/// <param name="Epoch">Passes over the training set that are complete, evaluation included.</param>
/// <param name="Batch">Batches of the pass at hand that are done; all of them where only its evaluation is left.</param>
/// <param name="Updates">Updates of the weights so far.</param>
/// <param name="StepSeconds">Time spent in training steps, over all processes that worked on the run.</param>
/// <param name="ElapsedSeconds">Time spent on the run, over all processes that worked on it.</param>
public sealed record TrainingPosition(int Epoch, int Batch, long Updates, double StepSeconds, double ElapsedSeconds)
{
    /// <summary>Where every run begins.</summary>
    public static TrainingPosition Start { get; } = new(0, 0, 0, 0, 0);

    /// <summary>Whether the network is at the same point; times are left out.</summary>
    /// <param name="other">The other position.</param>
    public bool IsSamePoint(TrainingPosition other) => (Epoch, Batch, Updates) == (other.Epoch, other.Batch, other.Updates);
}

/// <summary>Training values gathered since the last line of metrics.jsonl.</summary>
/// <param name="NextSeq">Number of the next line.</param>
/// <param name="Steps">Steps since the last line.</param>
/// <param name="Examples">Examples of those steps.</param>
/// <param name="LinesUntilSeconds">Training time at the last line.</param>
/// <param name="Totals">The metrics of those steps; null in checkpoints of versions that knew two metrics only.</param>
/// <param name="LossSum">Of those versions: sum of the losses of the examples.</param>
/// <param name="CorrectSum">Of those versions: examples classified right.</param>
public sealed record MetricsProgress(
    long NextSeq, int Steps, long Examples, double LinesUntilSeconds, IReadOnlyList<MetricTotal>? Totals = null, double? LossSum = null, double? CorrectSum = null)
{
    /// <summary>The metrics of those steps, whatever version gathered them.</summary>
    [JsonIgnore]
    public IReadOnlyList<MetricTotal> Gathered => Totals ?? SummaryProgress.OfTwoMetrics(LossSum, CorrectSum, Examples);
}

/// <summary>What a run's summary is made of.</summary>
/// <param name="Examples">Examples of the epoch.</param>
/// <param name="AllExamples">Examples of the run.</param>
/// <param name="MaxNorm">The largest finite gradient norm; NaN while there is none.</param>
/// <param name="FirstNorm">Last gradient norm of the first layer.</param>
/// <param name="LastNorm">Last gradient norm of the last layer.</param>
/// <param name="PeakMemoryBytes">Most memory held by any process that worked on the run.</param>
/// <param name="Test">Last values on test examples.</param>
/// <param name="Best">The best test.</param>
/// <param name="LastAliveStep">The last step at which the gradient of a layer other than the last was not 0; null before the first.</param>
/// <param name="Totals">The metrics of the epoch; null in checkpoints of versions that knew two metrics only.</param>
/// <param name="LossSum">Of those versions: sum of the losses of the epoch's examples.</param>
/// <param name="CorrectSum">Of those versions: examples of the epoch classified right.</param>
/// <param name="WaitedSeconds">Time that the run's steps waited for examples to be read; 0 where all are in memory.</param>
public sealed record SummaryProgress(
    long Examples, long AllExamples, double MaxNorm, double FirstNorm, double LastNorm, long PeakMemoryBytes,
    MetricValues? Test = null, BestResult? Best = null, long? LastAliveStep = null, IReadOnlyList<MetricTotal>? Totals = null, double? LossSum = null,
    double? CorrectSum = null, double WaitedSeconds = 0)
{
    /// <summary>The metrics of the epoch, whatever version gathered them.</summary>
    [JsonIgnore]
    public IReadOnlyList<MetricTotal> Gathered => Totals ?? OfTwoMetrics(LossSum, CorrectSum, Examples);

    /// <summary>The totals of a version that knew loss and accuracy only; null for none of them.</summary>
    internal static IReadOnlyList<MetricTotal> OfTwoMetrics(double? lossSum, double? correctSum, long examples) =>
        lossSum is null || correctSum is null ? [] : [new(Metric.Loss, lossSum.Value, examples), new(Metric.Accuracy.Name, correctSum.Value, examples)];
}

/// <summary>What decides how sums round: with the same setting on the same machine, a resumed run repeats every bit.</summary>
/// <param name="Threads">Threads that compute.</param>
/// <param name="Plan">How a step fits into memory.</param>
/// <param name="Machine">Processor, instruction set and libraries.</param>
/// <param name="Convolutions">Choices of the depth-first engine of version 0.1; read and checked, not used.</param>
public sealed record ArithmeticSetting(int Threads, StepPlan Plan, string Machine, IReadOnlyList<ChosenConvolution>? Convolutions = null);

/// <summary>How one shape and direction of convolutions is computed.</summary>
/// <param name="InChannels">Channels in.</param>
/// <param name="OutChannels">Channels out.</param>
/// <param name="Height">Height of the image.</param>
/// <param name="Width">Width of the image.</param>
/// <param name="Direction">What is computed.</param>
/// <param name="Algorithm">How.</param>
public sealed record ChosenConvolution(int InChannels, int OutChannels, int Height, int Width, string Direction, string Algorithm);
