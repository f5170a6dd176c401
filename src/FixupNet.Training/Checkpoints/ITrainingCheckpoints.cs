using FixupNet.Runs.Checkpoints;
using FixupNet.Runs.Records;

namespace FixupNet.Training.Checkpoints;

/// <summary>Where training begins, and who saves it at the points between two steps.</summary>
public interface ITrainingCheckpoints
{
    /// <summary>Where training begins.</summary>
    TrainingPosition Start { get; }

    /// <summary>A step is done, and its observers have seen it.</summary>
    /// <param name="position">The point reached.</param>
    void AfterStep(TrainingPosition position);

    /// <summary>An epoch is done, its evaluation included where one was due.</summary>
    /// <param name="position">The point reached.</param>
    void AfterEpoch(TrainingPosition position);

    /// <summary>Training ends here.</summary>
    /// <param name="position">The point reached; before the step that failed where training diverged.</param>
    /// <param name="state">How it ends.</param>
    void AtEnd(TrainingPosition position, TrialState state);
}

/// <summary>Begins at the beginning and saves nothing.</summary>
internal sealed class NoCheckpoints : ITrainingCheckpoints
{
    /// <inheritdoc/>
    public TrainingPosition Start => TrainingPosition.Start;

    /// <inheritdoc/>
    public void AfterStep(TrainingPosition position) { }

    /// <inheritdoc/>
    public void AfterEpoch(TrainingPosition position) { }

    /// <inheritdoc/>
    public void AtEnd(TrainingPosition position, TrialState state) { }
}
