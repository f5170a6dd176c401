using FixupNet.Runs.Records;
using FixupNet.Schedules;
using FixupNet.Training.Tasks;
using static TorchSharp.torch;

namespace FixupNet.Training;

/// <summary>How long a run lasts and what ends it early.</summary>
/// <param name="Epochs">Passes over the training set; 0 only evaluates.</param>
/// <param name="EvaluateEveryEpochs">Epochs between evaluations; the last epoch is always followed by one.</param>
/// <param name="MaxSteps">Updates after which the run stops, to be continued; null for no limit.</param>
/// <param name="StopAtNonFinite">Ends the run at the first loss or gradient that is not finite.</param>
/// <param name="StopAtLossAbove">Ends the run at a larger loss.</param>
/// <param name="MaxDuration">Ends the run after this long; null for no limit.</param>
public sealed record TrainerOptions(
    int Epochs, int EvaluateEveryEpochs, long? MaxSteps, bool StopAtNonFinite, double StopAtLossAbove, TimeSpan? MaxDuration);

/// <summary>How a run ended.</summary>
/// <param name="State">Completed, Diverged, Interrupted or Stopped.</param>
/// <param name="Steps">Updates made.</param>
/// <param name="Epochs">Passes over the training set, with fraction.</param>
/// <param name="Divergence">Where it diverged; null unless it did.</param>
/// <param name="IsToBeContinued">Whether another run goes on from here: this one was interrupted, or stopped by <see cref="TrainerOptions.MaxSteps"/>.</param>
public sealed record TrainingOutcome(
    TrialState State, long Steps, double Epochs, DivergenceRecord? Divergence = null, bool IsToBeContinued = false);

/// <summary>The training loop; what happens around it is the observers' business.</summary>
public sealed class Trainer(
    ITrainingStep step, nn.Module<Tensor, Tensor> network, ITask task, ILearningRateSchedule schedule, TimeProvider clock)
{
    /// <summary>Trains from the beginning until the end, a stop rule or cancellation.</summary>
    /// <param name="options">How long.</param>
    /// <param name="observers">Who watches.</param>
    /// <param name="cancellation">Ends the run between two steps.</param>
    public TrainingOutcome Run(TrainerOptions options, IReadOnlyList<TrainingObserver> observers, CancellationToken cancellation) =>
        Run(options, observers, new NoCheckpoints(), cancellation);

    /// <summary>Trains from where checkpoints say until the end, a stop rule or cancellation.</summary>
    /// <param name="options">How long.</param>
    /// <param name="observers">Who watches.</param>
    /// <param name="checkpoints">Where training begins, and who saves it; told after the observers.</param>
    /// <param name="cancellation">Ends the run between two steps, or within an evaluation, which a resumed run makes again.</param>
    public TrainingOutcome Run(
        TrainerOptions options, IReadOnlyList<TrainingObserver> observers, ITrainingCheckpoints checkpoints, CancellationToken cancellation)
    {
        network.train();
        return new TrainingRun(step, task, schedule, clock, options, observers, checkpoints, cancellation).ToItsEnd();
    }
}
