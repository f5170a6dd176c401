using FixupNet.Analysis;
using FixupNet.Execution;
using FixupNet.Training.Tasks;

namespace FixupNet.Experiments.Studies;

/// <summary>A network that a study trained.</summary>
/// <param name="Network">The network in evaluation mode, its weights those at the end; those it began with where it diverged.</param>
/// <param name="Task">What it learned.</param>
/// <param name="Images">The images it learned from.</param>
/// <param name="Epochs">What was measured, epoch after epoch.</param>
/// <param name="Diverged">Whether training ended at a value that was not finite, or too large.</param>
/// <param name="Examples">What became of each training example; empty unless it was recorded.</param>
public sealed record StudyTraining(
    ResidualNetwork Network, ITask Task, BatchPipeline Images, IReadOnlyList<StudyEpoch> Epochs, bool Diverged, IReadOnlyList<ExampleHistory> Examples) : IDisposable
{
    /// <summary>Accuracy on the test split at the end; by chance where training diverged.</summary>
    public double TestAccuracy => Diverged ? 1.0 / Images.Dataset.ClassNames.Count : Epochs[^1].TestAccuracy ?? 0;

    /// <summary>Holds network and task.</summary>
    public required IDisposable Owner { private get; init; }

    /// <inheritdoc/>
    public void Dispose() => Owner.Dispose();
}

/// <summary>An epoch of a study's training.</summary>
/// <param name="Epoch">Its number, from 1.</param>
/// <param name="TrainLoss">Mean loss of its steps, each before its update.</param>
/// <param name="TrainAccuracy">Mean accuracy of its steps, each before its update.</param>
/// <param name="TestAccuracy">Accuracy on the test split after it; null where that was not measured.</param>
public sealed record StudyEpoch(int Epoch, double TrainLoss, double TrainAccuracy, double? TestAccuracy);
