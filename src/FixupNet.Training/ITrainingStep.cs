using FixupNet.Diagnostics;
using FixupNet.Optimization.GradientTransforms;
using FixupNet.Runs.Metrics;
using FixupNet.Training.Tasks;

namespace FixupNet.Training;

/// <summary>One update of a network: the seam between the trainer and whatever computes gradients.</summary>
public interface ITrainingStep
{
    /// <summary>Computes loss and gradients of a batch and updates the parameters, unless the failure rule of the step forbids it.</summary>
    /// <param name="batch">What to learn from.</param>
    /// <param name="learningRateFactor">Factor on every learning rate at this step, from the schedule.</param>
    StepResult Run(Batch batch, double learningRateFactor);

    /// <summary>How many started steps may be unread before the oldest must be read; 0 where a step is done when <see cref="Start"/> returns.</summary>
    int StepsInFlight => 0;

    /// <summary>
    /// Starts a step, to be read later in the order of the starts. Once a step fails, or its loss is above the limit that ends the run, the
    /// steps started after it leave parameters and optimizer state alone.
    /// </summary>
    /// <param name="batch">What to learn from; its tensors may be disposed when this returns.</param>
    /// <param name="learningRateFactor">Factor on every learning rate at this step, from the schedule.</param>
    IPendingStep Start(Batch batch, double learningRateFactor) => new FinishedStep(Run(batch, learningRateFactor));

    /// <summary>Measures the network on the test split, without gradients.</summary>
    /// <param name="task">What is measured, and on what.</param>
    /// <param name="maxExamples">Examples at most, the first ones; null for all.</param>
    /// <param name="cancellation">Gives up between two batches.</param>
    /// <exception cref="OperationCanceledException">It was given up.</exception>
    Evaluation Evaluate(ITask task, int? maxExamples = null, CancellationToken cancellation = default);
}

/// <summary>A step that was started.</summary>
public interface IPendingStep
{
    /// <summary>Waits for the step and tells what it measured; once a step.</summary>
    StepResult Read();
}

/// <summary>A step that was done before anybody asked.</summary>
/// <param name="result">What it measured.</param>
internal sealed class FinishedStep(StepResult result) : IPendingStep
{
    /// <inheritdoc/>
    public StepResult Read() => result;
}

/// <summary>What a step measured, before its update.</summary>
/// <param name="Loss">Loss of the batch.</param>
/// <param name="Measured">What the task measured beside the loss.</param>
/// <param name="ExampleCount">Examples in the batch.</param>
/// <param name="Norms">Gradient norms in forward order, before gradient transforms.</param>
/// <param name="Failure">The first value that was not finite; null when all were.</param>
/// <param name="Updated">Whether the parameters were changed.</param>
/// <param name="Transformed">What became of the gradient before the update; null where there are no gradient transforms.</param>
public sealed record StepResult(
    double Loss, IReadOnlyList<MetricTotal> Measured, int ExampleCount, GradientNormReading Norms, NonFiniteValue? Failure, bool Updated = true,
    TransformedGradient? Transformed = null)
{
    /// <summary>What the loss is a mean over: the examples, or words of theirs.</summary>
    public double Weight { get; init; } = ExampleCount;

    /// <summary>All metrics of the batch, the loss first.</summary>
    public IReadOnlyList<MetricTotal> Totals => [new(Metric.Loss, Loss * Weight, Weight), .. Measured];
}

/// <summary>Where a value that is not finite appeared first.</summary>
/// <param name="Layer">Name of the layer or block.</param>
/// <param name="What">What was not finite, such as "gradient norm is Infinity".</param>
public sealed record NonFiniteValue(string Layer, string What);
