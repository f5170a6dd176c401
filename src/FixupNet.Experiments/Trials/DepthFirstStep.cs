using FixupNet.Diagnostics;
using FixupNet.Engine;
using FixupNet.Execution;
using FixupNet.Optimization;
using FixupNet.Training;

namespace FixupNet.Experiments.Trials;

/// <summary>The training step of the depth-first engine.</summary>
/// <param name="engine">Computes the gradients; disposed with this object.</param>
/// <param name="network">The network.</param>
/// <param name="optimizer">Updates the network's parameters.</param>
/// <param name="norms">Measures the gradients.</param>
/// <param name="stopAtNonFinite">Leaves the weights alone when loss or gradients are not finite.</param>
internal sealed class DepthFirstStep(
    DepthFirstEngine engine, ResidualNetwork network, IOptimizer optimizer, GradientNorms norms, bool stopAtNonFinite) : ITrainingStep, IDisposable
{
    private readonly FailureSearch _failures = new(network, norms);

    /// <inheritdoc/>
    public StepResult Run(Batch batch, double learningRateFactor)
    {
        var lambda = batch.Mix?.Lambda ?? 1;
        var computed = engine.Step(batch.Images, batch.Labels, batch.Mix?.PartnerLabels, lambda);
        var reading = norms.Measure();
        var failure = _failures.Find(computed.Loss, reading, batch);
        var update = failure is null || !stopAtNonFinite;
        if (update && !optimizer.Step(learningRateFactor)) failure ??= _failures.InParameters();
        var correct = lambda * computed.Correct + (1 - lambda) * computed.PartnerCorrect;
        return new StepResult(computed.Loss, correct, batch.Count, reading, failure, update);
    }

    /// <inheritdoc/>
    public Evaluation Evaluate(BatchPipeline batches, int? maxImages = null, CancellationToken cancellation = default) =>
        Evaluator.Run(engine.Evaluate, batches, maxImages, cancellation);

    /// <inheritdoc/>
    public void Dispose() => engine.Dispose();
}
