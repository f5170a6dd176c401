using FixupNet.Optimization;
using FixupNet.Training.Tasks;

namespace FixupNet.Training;

/// <summary>A step behind which an average of the weights goes along, and is what evaluations measure.</summary>
/// <param name="inner">The step, which is done when it returns; disposed with this object.</param>
/// <param name="average">The average.</param>
public sealed class AveragedStep(ITrainingStep inner, WeightAverage average) : ITrainingStep, IDisposable
{
    /// <inheritdoc/>
    public StepResult Run(Batch batch, double learningRateFactor)
    {
        var result = inner.Run(batch, learningRateFactor);
        if (result.Updated) average.Update();
        return result;
    }

    /// <inheritdoc/>
    public Evaluation Evaluate(ITask task, int? maxExamples = null, CancellationToken cancellation = default)
    {
        using var averaged = average.Use();
        return inner.Evaluate(task, maxExamples, cancellation);
    }

    /// <inheritdoc/>
    public void Dispose() => (inner as IDisposable)?.Dispose();
}
