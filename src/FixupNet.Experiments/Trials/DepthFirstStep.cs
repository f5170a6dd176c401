using FixupNet.Engine;
using FixupNet.Training;

namespace FixupNet.Experiments.Trials;

/// <summary>The training step of the depth-first engine.</summary>
/// <param name="engine">Computes the gradients; disposed with this object.</param>
/// <param name="update">Ends a step once they are there.</param>
/// <param name="labelSmoothing">The share of each label that is spread over all classes.</param>
internal sealed class DepthFirstStep(DepthFirstEngine engine, GradientUpdate update, double labelSmoothing) : ITrainingStep, IDisposable
{
    /// <inheritdoc/>
    public StepResult Run(Batch batch, double learningRateFactor)
    {
        var lambda = batch.Mix?.Lambda ?? 1;
        var computed = engine.Step(batch.Images, batch.Labels, batch.Mix?.PartnerLabels, lambda, labelSmoothing);
        var correct = lambda * computed.Correct + (1 - lambda) * computed.PartnerCorrect;
        return update.Apply(computed.Loss, correct, batch, learningRateFactor);
    }

    /// <inheritdoc/>
    public Evaluation Evaluate(BatchPipeline batches, int? maxImages = null, CancellationToken cancellation = default) =>
        Evaluator.Run(engine.Evaluate, batches, maxImages, cancellation);

    /// <inheritdoc/>
    public void Dispose() => engine.Dispose();
}
