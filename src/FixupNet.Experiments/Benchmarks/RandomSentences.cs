using FixupNet.Architectures;
using FixupNet.Augmentation;
using FixupNet.Registries;
using FixupNet.Runs.Metrics;
using FixupNet.Runs.Records;
using FixupNet.Training.Tasks;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Experiments.Benchmarks;

/// <summary>The loss and the metrics of translation without its data: batches come from who measures.</summary>
internal sealed class RandomSentences : ITask
{
    /// <summary>The task as a configuration names it.</summary>
    internal static TaskEntry Entry { get; } = TaskEntry.Of<NoOptions>(
        Translation.Record with { Name = "random-sentences" }, "random sentences, for benchmarks", (_, _) => new RandomSentences(), traits: new TaskTraits(ModelEntry.Sentences));

    /// <inheritdoc/>
    public string DataName => Entry.Name;

    /// <inheritdoc/>
    public string DataDigest => "";

    /// <inheritdoc/>
    public ImageShape Inputs => new(BenchmarkTransformer.Vocabulary, 1, BenchmarkTransformer.Words);

    /// <inheritdoc/>
    public int OutputCount => BenchmarkTransformer.Vocabulary;

    /// <inheritdoc/>
    public int TrainCount => 1;

    /// <inheritdoc/>
    public int TestCount => 1;

    /// <inheritdoc/>
    public int BatchesPerEpoch => 1;

    /// <inheritdoc/>
    public Batch Training(int epoch, int index) => throw new NotSupportedException("It has no batches of its own.");

    /// <inheritdoc/>
    public Tensor Loss(Tensor outputs, Batch batch) => SequenceLoss.Mean(outputs, ((SentenceBatch)batch).Targets, smoothing: 0);

    /// <inheritdoc/>
    public IReadOnlyList<MetricTotal> Measure(Tensor outputs, Batch batch) => Translation.Measured(outputs, (SentenceBatch)batch);

    /// <inheritdoc/>
    public Evaluation Evaluate(nn.Module<Tensor, Tensor> network, Func<Tensor, Tensor> forward, int? maxExamples, CancellationToken cancellation) =>
        throw new NotSupportedException("It has no test split.");

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
