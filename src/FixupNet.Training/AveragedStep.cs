using FixupNet.Optimization;
using FixupNet.Training.Tasks;

namespace FixupNet.Training;

/// <summary>A step behind which an average of the weights goes along, and is what evaluations measure.</summary>
/// <param name="inner">The step; disposed with this object.</param>
/// <param name="average">The average.</param>
/// <param name="updates">Whether the average is updated here, after a step that is done when it returns; else the step itself does it.</param>
public sealed class AveragedStep(ITrainingStep inner, WeightAverage average, bool updates = true) : ITrainingStep, IDisposable
{
    /// <inheritdoc/>
    public int StepsInFlight => updates ? 0 : inner.StepsInFlight;

    /// <inheritdoc/>
    public StepResult Run(Batch batch, double learningRateFactor)
    {
        var result = inner.Run(batch, learningRateFactor);
        if (updates && result.Updated) average.Update();
        return result;
    }

    /// <inheritdoc/>
    public IPendingStep Start(Batch batch, double learningRateFactor) =>
        updates ? new FinishedStep(Run(batch, learningRateFactor)) : inner.Start(batch, learningRateFactor);

    /// <inheritdoc/>
    public Evaluation Evaluate(ITask task, int? maxExamples = null, CancellationToken cancellation = default)
    {
        using var averaged = average.Use();
        return inner.Evaluate(task, maxExamples, cancellation);
    }

    /// <inheritdoc/>
    public void Dispose() => (inner as IDisposable)?.Dispose();
}
