using FixupNet.Runs.Checkpoints;

namespace FixupNet.Training;

/// <summary>Where training begins, and who saves it at the points between two steps.</summary>
public interface ITrainingCheckpoints
{
    /// <summary>Where training begins.</summary>
    TrainingPosition Start { get; }

    /// <summary>Whether training is to be saved after a step; the trainer then waits for all steps under way.</summary>
    /// <param name="position">The point that the step leads to.</param>
    bool IsDueAfterStep(TrainingPosition position);

    /// <summary>A step that was due is done, and so are those before it; observers have seen them.</summary>
    /// <param name="position">The point reached.</param>
    void AfterStep(TrainingPosition position);

    /// <summary>An epoch is done, its evaluation included where one was due.</summary>
    /// <param name="position">The point reached.</param>
    void AfterEpoch(TrainingPosition position);

    /// <summary>Training ends here.</summary>
    /// <param name="position">The point reached; before the step that failed where training diverged.</param>
    /// <param name="outcome">How it ends.</param>
    void AtEnd(TrainingPosition position, TrainingOutcome outcome);
}

/// <summary>Begins at the beginning and saves nothing.</summary>
internal sealed class NoCheckpoints : ITrainingCheckpoints
{
    /// <inheritdoc/>
    public TrainingPosition Start => TrainingPosition.Start;

    /// <inheritdoc/>
    public bool IsDueAfterStep(TrainingPosition position) => false;

    /// <inheritdoc/>
    public void AfterStep(TrainingPosition position) { }

    /// <inheritdoc/>
    public void AfterEpoch(TrainingPosition position) { }

    /// <inheritdoc/>
    public void AtEnd(TrainingPosition position, TrainingOutcome outcome) { }
}
