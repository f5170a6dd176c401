using FixupNet.Augmentation;
using FixupNet.Diagnostics;
using FixupNet.Execution;
using FixupNet.Optimization;
using FixupNet.Residual;
using FixupNet.Runs.Records;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Training;

/// <summary>The reference training step: libtorch's own forward and backward pass, operation by operation.</summary>
/// <param name="network">The network, in training mode.</param>
/// <param name="optimizer">Holds the gradients.</param>
/// <param name="update">Ends a step once the gradients are there.</param>
/// <param name="plan">How the batch fits into memory: the gradients of its parts are added up.</param>
/// <param name="labelSmoothing">The share of each label that is spread over all classes, in [0, 1).</param>
/// <param name="draws">Tells the network's random steps what to draw from; null where there are none.</param>
public sealed class EagerStep(
    ResidualNetwork network, IOptimizer optimizer, GradientUpdate update, StepPlan plan, double labelSmoothing = 0, DropDraws? draws = null) : ITrainingStep
{
    private readonly IGradientPass _pass = plan.Recompute ? new RecomputedPass(network) : new WholePass(network);

    /// <summary>A step without gradient transforms.</summary>
    /// <param name="network">The network, in training mode.</param>
    /// <param name="optimizer">Updates the network's parameters.</param>
    /// <param name="norms">Measures the gradients that <paramref name="optimizer"/> uses.</param>
    /// <param name="plan">How the batch fits into memory.</param>
    /// <param name="stopAtNonFinite">Leaves the weights alone when loss or gradients are not finite.</param>
    public EagerStep(ResidualNetwork network, IOptimizer optimizer, GradientNorms norms, StepPlan plan, bool stopAtNonFinite)
        : this(network, optimizer, new GradientUpdate(network, optimizer, norms, [], stopAtNonFinite), plan)
    {
    }

    /// <inheritdoc/>
    public StepResult Run(Batch batch, double learningRateFactor)
    {
        optimizer.ZeroGradients();
        double loss = 0, correct = 0;
        for (var start = 0; start < batch.Count; start += plan.MicroBatchSize)
        {
            using var scope = NewDisposeScope();
            var part = batch.Slice(start, Math.Min(plan.MicroBatchSize, batch.Count - start));
            using var drawing = draws?.Begin(part.DropSeed, part.FirstImage);
            var share = part.Count / (double)batch.Count;
            var (logits, partLoss) = _pass.Run(part.Images, logits => LossOf(logits, part), share);
            loss += share * partLoss.ToDouble();
            correct += CorrectCount(logits, part);
        }
        return update.Apply(loss, correct, batch, learningRateFactor);
    }

    /// <inheritdoc/>
    public Evaluation Evaluate(BatchPipeline batches, int? maxImages = null, CancellationToken cancellation = default) =>
        Evaluator.Run(network, batches, maxImages, cancellation);

    private Tensor LossOf(Tensor logits, Batch batch) => batch.Mix is { } mix
        ? Mixup.Loss(logits, batch.Labels, mix.PartnerLabels, mix.Lambda, labelSmoothing)
        : LabelSmoothing.CrossEntropy(logits, batch.Labels, labelSmoothing);

    private static double CorrectCount(Tensor logits, Batch batch)
    {
        var predicted = logits.argmax(1);
        var correct = predicted.eq(batch.Labels).sum().ToInt64();
        return batch.Mix is { } mix ? mix.Lambda * correct + (1 - mix.Lambda) * predicted.eq(mix.PartnerLabels).sum().ToInt64() : correct;
    }
}
