using FixupNet.Runs.Records;
using FixupNet.Schedules;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Training;

/// <summary>How long a run lasts and what ends it early.</summary>
/// <param name="Epochs">Passes over the training set; 0 only evaluates.</param>
/// <param name="EvaluateEveryEpochs">Epochs between evaluations; the last epoch is always followed by one.</param>
/// <param name="MaxSteps">Updates after which the run stops; null for no limit.</param>
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
public sealed record TrainingOutcome(TrialState State, long Steps, double Epochs, DivergenceRecord? Divergence = null);

/// <summary>The training loop; what happens around it is the observers' business.</summary>
public sealed class Trainer(
    ITrainingStep step, nn.Module<Tensor, Tensor> network, BatchPipeline batches, ILearningRateSchedule schedule, TimeProvider clock)
{
    /// <summary>Trains until the end, a stop rule or cancellation.</summary>
    /// <param name="options">How long.</param>
    /// <param name="observers">Who watches.</param>
    /// <param name="cancellation">Ends the run between two steps.</param>
    public TrainingOutcome Run(TrainerOptions options, IReadOnlyList<TrainingObserver> observers, CancellationToken cancellation)
    {
        var started = clock.GetTimestamp();
        var inSteps = TimeSpan.Zero;
        long made = 0;
        network.train();
        for (var epoch = 0; epoch < options.Epochs; epoch++)
        {
            for (var index = 0; index < batches.BatchesPerEpoch; index++)
            {
                var epochsDone = epoch + index / (double)batches.BatchesPerEpoch;
                if (cancellation.IsCancellationRequested) return new(TrialState.Interrupted, made, epochsDone);
                if (made >= options.MaxSteps || clock.GetElapsedTime(started) > options.MaxDuration) return new(TrialState.Stopped, made, epochsDone);

                var stepStarted = clock.GetTimestamp();
                var report = Step(epoch, index, made, observers) with { Elapsed = inSteps += clock.GetElapsedTime(stepStarted) };
                foreach (var observer in observers) observer.OnStep(report);
                if (report.Result.Updated) made++;
                if (DivergenceOf(report, options) is { } divergence) return new(TrialState.Diverged, made, epochsDone, divergence);
            }
            if ((epoch + 1) % options.EvaluateEveryEpochs == 0 || epoch + 1 == options.Epochs) Evaluate(made, epoch + 1, observers);
        }
        if (options.Epochs == 0) Evaluate(made, 0, observers);
        return new(TrialState.Completed, made, options.Epochs);
    }

    private StepReport Step(int epoch, int index, long updatesMade, IReadOnlyList<TrainingObserver> observers)
    {
        using var scope = NewDisposeScope();
        var batch = batches.Training(epoch, index);
        foreach (var observer in observers) observer.OnBatch(batch, updatesMade, epoch + index / (double)batches.BatchesPerEpoch);
        var factor = schedule.FactorAt(epoch + index / (double)batches.BatchesPerEpoch);
        var result = step.Run(batch, factor);
        return new StepReport(updatesMade, epoch + (index + 1) / (double)batches.BatchesPerEpoch, result, factor, TimeSpan.Zero);
    }

    private void Evaluate(long updatesMade, double epoch, IReadOnlyList<TrainingObserver> observers)
    {
        var report = new EvaluationReport(updatesMade, epoch, step.Evaluate(batches));
        foreach (var observer in observers) observer.OnEvaluated(report);
    }

    private static DivergenceRecord? DivergenceOf(StepReport report, TrainerOptions options)
    {
        if (options.StopAtNonFinite && report.Result.Failure is { } failure) return new DivergenceRecord(report.UpdatesMade, failure.What, failure.Layer);
        return report.Result.Loss > options.StopAtLossAbove
            ? new DivergenceRecord(report.UpdatesMade, FormattableString.Invariant($"loss {report.Result.Loss:G6} is above {options.StopAtLossAbove:G6}"))
            : null;
    }
}
