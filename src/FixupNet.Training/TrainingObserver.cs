using FixupNet.Training.Tasks;

namespace FixupNet.Training;

/// <summary>Watches a run without taking part in it; every method does nothing unless overridden.</summary>
public abstract class TrainingObserver : IDisposable
{
    /// <summary>After every step, in the order of their starts, before the stop rules; steps started after one that ends the run are not told of.</summary>
    public virtual void OnStep(StepReport report) { }

    /// <summary>After every evaluation.</summary>
    public virtual void OnEvaluated(EvaluationReport report) { }

    /// <summary>
    /// Whether <see cref="OnBatch"/> looks at the network itself: the steps under way are then waited for first, for if one of them ends the
    /// run there is nothing more to look at.
    /// </summary>
    /// <param name="updatesMade">Updates of the weights so far.</param>
    public virtual bool LooksAtNetwork(long updatesMade) => false;

    /// <summary>Before every step is started, with the batch it will see; steps started before may not be told of yet.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="updatesMade">Updates of the weights so far.</param>
    /// <param name="epoch">Passes over the training set so far, with fraction.</param>
    public virtual void OnBatch(Batch batch, long updatesMade, double epoch) { }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Closes what the observer holds.</summary>
    /// <param name="disposing">Always true.</param>
    protected virtual void Dispose(bool disposing) { }
}

/// <summary>One step as observers see it.</summary>
/// <param name="UpdatesMade">Updates of the weights before this step's gradient was measured.</param>
/// <param name="Epoch">Passes over the training set done by then, with fraction.</param>
/// <param name="EpochsDone">Passes over the training set done at the end of the step, with fraction.</param>
/// <param name="Result">What the step measured.</param>
/// <param name="LearningRateFactor">The schedule's factor at this step.</param>
/// <param name="Elapsed">Time in training steps so far, evaluation excluded.</param>
public sealed record StepReport(
    long UpdatesMade, double Epoch, double EpochsDone, StepResult Result, double LearningRateFactor, TimeSpan Elapsed);

/// <summary>One evaluation as observers see it.</summary>
/// <param name="UpdatesMade">Updates of the weights so far.</param>
/// <param name="Epoch">Passes over the training set so far.</param>
/// <param name="Result">The measured values.</param>
public sealed record EvaluationReport(long UpdatesMade, double Epoch, Evaluation Result);
