using FixupNet.Diagnostics;
using FixupNet.Execution;
using FixupNet.Optimization;
using FixupNet.Residual;
using FixupNet.Runs.Metrics;
using FixupNet.Runs.Records;
using FixupNet.Training.Tasks;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Training;

/// <summary>The reference training step: libtorch's own forward and backward pass, operation by operation.</summary>
/// <param name="network">The network, in training mode.</param>
/// <param name="task">What its outputs are to be.</param>
/// <param name="optimizer">Holds the gradients.</param>
/// <param name="update">Ends a step once the gradients are there.</param>
/// <param name="plan">How the batch fits into memory: the gradients of its parts are added up.</param>
/// <param name="draws">Tells the network's random steps what to draw from; null where there are none.</param>
public sealed class EagerStep(
    ResidualNetwork network, ITask task, IOptimizer optimizer, GradientUpdate update, StepPlan plan, DropDraws? draws = null) : ITrainingStep
{
    private readonly IGradientPass _pass = plan.Recompute ? new RecomputedPass(network) : new WholePass(network);

    /// <summary>A step without gradient transforms.</summary>
    /// <param name="network">The network, in training mode.</param>
    /// <param name="task">What its outputs are to be.</param>
    /// <param name="optimizer">Updates the network's parameters.</param>
    /// <param name="norms">Measures the gradients that <paramref name="optimizer"/> uses.</param>
    /// <param name="plan">How the batch fits into memory.</param>
    /// <param name="stopAtNonFinite">Leaves the weights alone when loss or gradients are not finite.</param>
    public EagerStep(ResidualNetwork network, ITask task, IOptimizer optimizer, GradientNorms norms, StepPlan plan, bool stopAtNonFinite)
        : this(network, task, optimizer, new GradientUpdate(network, optimizer, norms, [], stopAtNonFinite), plan)
    {
    }

    /// <inheritdoc/>
    public StepResult Run(Batch batch, double learningRateFactor)
    {
        optimizer.ZeroGradients();
        double loss = 0;
        var measured = new MetricTotals([]);
        for (var start = 0; start < batch.Count; start += plan.MicroBatchSize)
        {
            using var scope = NewDisposeScope();
            var part = batch.Slice(start, Math.Min(plan.MicroBatchSize, batch.Count - start));
            using var drawing = draws?.Begin(part.DropSeed, part.FirstExample);
            var share = part.Weight / batch.Weight;
            var (outputs, partLoss) = _pass.Run(part.Input, outputs => task.Loss(outputs, part), share);
            loss += share * partLoss.ToDouble();
            measured.Add(task.Measure(outputs, part));
        }
        return update.Apply(loss, measured.All, batch, learningRateFactor);
    }

    /// <inheritdoc/>
    public Evaluation Evaluate(ITask task, int? maxExamples = null, CancellationToken cancellation = default) => task.Evaluate(network, maxExamples, cancellation);
}
