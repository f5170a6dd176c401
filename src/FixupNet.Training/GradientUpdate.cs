using FixupNet.Diagnostics;
using FixupNet.Execution;
using FixupNet.Optimization;
using FixupNet.Optimization.GradientTransforms;
using FixupNet.Runs.Metrics;
using FixupNet.Training.Tasks;

namespace FixupNet.Training;

/// <summary>What follows a backward pass on the host, whatever computed it: norms, the search for a failure, gradient transforms, the update.</summary>
/// <param name="network">The network.</param>
/// <param name="optimizer">Updates its parameters.</param>
/// <param name="norms">Measures the gradients that <paramref name="optimizer"/> uses, as the backward pass left them.</param>
/// <param name="transforms">Change the gradients then, one after the other.</param>
/// <param name="stopAtNonFinite">Leaves the weights alone when loss or gradients are not finite.</param>
public sealed class GradientUpdate(
    ResidualNetwork network, IOptimizer optimizer, GradientNorms norms, IReadOnlyList<IGradientTransform> transforms, bool stopAtNonFinite)
{
    private readonly FailureSearch _failures = new(network, norms);

    /// <summary>Ends a step.</summary>
    /// <param name="loss">Loss of the batch.</param>
    /// <param name="measured">What the task measured beside the loss.</param>
    /// <param name="batch">The batch.</param>
    /// <param name="learningRateFactor">Factor on every learning rate, from the schedule.</param>
    public StepResult Apply(double loss, IReadOnlyList<MetricTotal> measured, Batch batch, double learningRateFactor)
    {
        var reading = norms.Measure();
        var failure = _failures.Find(loss, reading, batch);
        var update = failure is null || !stopAtNonFinite;
        var transformed = update && transforms.Count > 0 ? Transform() : null;
        if (update && !optimizer.Step(learningRateFactor)) failure ??= _failures.InParameters();
        return new StepResult(loss, measured, batch.Count, reading, failure, update, transformed) { Weight = batch.Weight };
    }

    private TransformedGradient Transform()
    {
        List<TransformReading> readings = [.. transforms.Select(transform => transform.Apply())];
        return new TransformedGradient(optimizer.Gradients.Norm(), readings);
    }
}
