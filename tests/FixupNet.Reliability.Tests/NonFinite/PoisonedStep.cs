using FixupNet.Experiments.Trials;
using FixupNet.Optimization;
using FixupNet.Training;
using FixupNet.Training.Tasks;
using static TorchSharp.torch;

namespace FixupNet.Reliability.Tests.NonFinite;

/// <summary>A training step that is spoiled once.</summary>
/// <param name="inner">The step.</param>
/// <param name="trial">What it trains.</param>
/// <param name="poison">What is spoiled, and when.</param>
internal sealed class PoisonedStep(ITrainingStep inner, TrialAssembly trial, Poison poison) : ITrainingStep
{
    private int _steps;

    /// <inheritdoc/>
    public StepResult Run(Batch batch, double learningRateFactor)
    {
        if (_steps++ == poison.Step) poison.Apply(trial, batch.Input);
        return inner.Run(batch, learningRateFactor);
    }

    /// <inheritdoc/>
    public Evaluation Evaluate(ITask task, int? maxExamples = null, CancellationToken cancellation = default) =>
        inner.Evaluate(task, maxExamples, cancellation);
}

/// <summary>An optimizer whose gradients are spoiled once, after they were set to 0 for the passes to add to.</summary>
/// <param name="trial">What it trains.</param>
/// <param name="poison">What is spoiled, and when.</param>
internal sealed class PoisonedOptimizer(TrialAssembly trial, Poison poison) : IOptimizer
{
    private int _steps;

    /// <inheritdoc/>
    public double LearningRate => trial.Optimizer.LearningRate;

    /// <inheritdoc/>
    public IReadOnlyList<(string Name, Tensor State)> State => trial.Optimizer.State;

    /// <inheritdoc/>
    public IReadOnlyList<ParameterGroup> Groups => trial.Optimizer.Groups;

    /// <inheritdoc/>
    public FlatGradients Gradients => trial.Optimizer.Gradients;

    /// <inheritdoc/>
    public void ZeroGradients()
    {
        trial.Optimizer.ZeroGradients();
        if (_steps++ == poison.Step) poison.ApplyToGradient(trial);
    }

    /// <inheritdoc/>
    public bool Step(double learningRateFactor) => trial.Optimizer.Step(learningRateFactor);

    /// <inheritdoc/>
    public void Dispose()
    {
        // The trial owns the optimizer.
    }
}
