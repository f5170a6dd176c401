using FixupNet.Engine;
using FixupNet.Execution;
using FixupNet.Training;
using FixupNet.Training.Tasks;

namespace FixupNet.Experiments.Trials;

/// <summary>The training step of the depth-first engine, which learns image classification.</summary>
/// <param name="network">The network.</param>
/// <param name="engine">Computes the gradients; disposed with this object.</param>
/// <param name="update">Ends a step once they are there.</param>
/// <param name="labelSmoothing">The share of each label that is spread over all classes.</param>
internal sealed class DepthFirstStep(ResidualNetwork network, DepthFirstEngine engine, GradientUpdate update, double labelSmoothing) : ITrainingStep, IDisposable
{
    /// <inheritdoc/>
    public StepResult Run(Batch batch, double learningRateFactor)
    {
        var images = (ImageBatch)batch;
        var lambda = images.Mix?.Lambda ?? 1;
        var computed = engine.Step(images.Images, images.Labels, images.Mix?.PartnerLabels, lambda, labelSmoothing);
        var correct = lambda * computed.Correct + (1 - lambda) * computed.PartnerCorrect;
        return update.Apply(computed.Loss, ImageClassification.Measured(correct, images.Count), images, learningRateFactor);
    }

    /// <inheritdoc/>
    public Evaluation Evaluate(ITask task, int? maxExamples = null, CancellationToken cancellation = default) =>
        task.Evaluate(network, engine.Evaluate, maxExamples, cancellation);

    /// <inheritdoc/>
    public void Dispose() => engine.Dispose();
}
