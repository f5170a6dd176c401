using FixupNet.Augmentation;
using FixupNet.Initialization;
using FixupNet.Runs.Metrics;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Training.Tasks;

/// <summary>Telling images apart by their classes: cross-entropy and accuracy.</summary>
/// <param name="batches">Where images come from, in which variation; disposed with this object.</param>
/// <param name="labelSmoothing">The share of each label that is spread over all classes, in [0, 1).</param>
public sealed class ImageClassification(BatchPipeline batches, double labelSmoothing = 0) : ITask
{
    /// <summary>Where images come from.</summary>
    public BatchPipeline Batches => batches;

    /// <inheritdoc/>
    public string DataName => batches.Dataset.Name;

    /// <inheritdoc/>
    public string DataDigest => batches.Dataset.Digest;

    /// <inheritdoc/>
    public IReadOnlyList<string> Warnings => batches.Dataset.Warnings;

    /// <inheritdoc/>
    public ImageShape Inputs => batches.Dataset.Shape;

    /// <inheritdoc/>
    public int OutputCount => batches.Dataset.ClassNames.Count;

    /// <inheritdoc/>
    public int TrainCount => batches.TrainCount;

    /// <inheritdoc/>
    public int TestCount => batches.TestCount;

    /// <inheritdoc/>
    public int BatchesPerEpoch => batches.BatchesPerEpoch;

    /// <inheritdoc/>
    public ReadingReport? Reading => batches.Reading;

    /// <inheritdoc/>
    public Batch Training(int epoch, int index) => batches.Training(epoch, index);

    /// <inheritdoc/>
    public SchemeSample Sample(int index, int count)
    {
        var batch = batches.Initial(index, count);
        return new SchemeSample(batch.Images, batch.Labels);
    }

    /// <inheritdoc/>
    public Tensor Loss(Tensor outputs, Batch batch) => batch is ImageBatch { Mix: { } mix } mixed
        ? Mixup.Loss(outputs, mixed.Labels, mix.PartnerLabels, mix.Lambda, labelSmoothing)
        : LabelSmoothing.CrossEntropy(outputs, ((ImageBatch)batch).Labels, labelSmoothing);

    /// <inheritdoc/>
    public IReadOnlyList<MetricTotal> Measure(Tensor outputs, Batch batch)
    {
        var images = (ImageBatch)batch;
        var predicted = outputs.argmax(1);
        var correct = predicted.eq(images.Labels).sum().ToInt64();
        return Measured(images.Mix is { } mix ? mix.Lambda * correct + (1 - mix.Lambda) * predicted.eq(mix.PartnerLabels).sum().ToInt64() : correct, images.Count);
    }

    /// <summary>What an engine measured beside the loss.</summary>
    /// <param name="correct">Images classified right; with mixup weighted by λ, hence not whole.</param>
    /// <param name="count">Images.</param>
    public static IReadOnlyList<MetricTotal> Measured(double correct, int count) => [new(Metric.Accuracy.Name, correct, count)];

    /// <inheritdoc/>
    public Evaluation Evaluate(nn.Module<Tensor, Tensor> network, Func<Tensor, Tensor> forward, int? maxExamples, CancellationToken cancellation) =>
        Evaluator.Run(forward, batches, maxExamples, cancellation);

    /// <inheritdoc/>
    public void Dispose() => batches.Dispose();
}
