using FixupNet.Runs.Checkpoints;
using FixupNet.Runs.Records;
using FixupNet.Schedules;
using FixupNet.Training.Tasks;
using TorchSharp;
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
        var started = clock.GetTimestamp();
        var position = checkpoints.Start;
        var pending = new PendingSteps(clock, position.StepSeconds);
        TrainingPosition Timed() => position with
        {
            ElapsedSeconds = checkpoints.Start.ElapsedSeconds + clock.GetElapsedTime(started).TotalSeconds,
            StepSeconds = pending.Seconds,
        };
        TrainingOutcome End(TrainingOutcome outcome)
        {
            checkpoints.AtEnd(Timed(), outcome);
            return outcome;
        }
        // Reads the oldest steps until so many are left; where one ends the run, the position is the one before it.
        TrainingOutcome? ReadUntil(int left)
        {
            while (pending.Count > left)
            {
                var step = pending.Read();
                var next = step.Result.Updated ? step.Next : step.Next with { Updates = step.Next.Updates - 1 };
                var report = new StepReport(step.Before.Updates, EpochAt(step.Before), EpochAt(next), step.Result, step.Factor, TimeSpan.FromSeconds(pending.Seconds));
                foreach (var observer in observers) observer.OnStep(report);
                if (DivergenceOf(report, options) is { } divergence)
                {
                    position = step.Before;
                    return new(TrialState.Diverged, next.Updates, EpochAt(position), divergence);
                }
                if (pending.Count == 0) position = next;
            }
            return null;
        }

        network.train();
        while (position.Epoch < Math.Max(1, options.Epochs))
        {
            if (options.Epochs > 0 && position.Batch < task.BatchesPerEpoch)
            {
                if (ReasonToEnd(options, Timed(), cancellation) is { } reason)
                    return End(ReadUntil(0) ?? new(reason.State, position.Updates, EpochAt(position), IsToBeContinued: reason.IsToBeContinued));
                if (observers.Any(observer => observer.LooksAtNetwork(position.Updates)) && ReadUntil(0) is { } failed) return End(failed);
                position = Start(position, pending, observers);
                if (ReadUntil(step.StepsInFlight) is { } diverged) return End(diverged);
                if (!checkpoints.IsDueAfterStep(Timed())) continue;
                if (ReadUntil(0) is { } divergedSince) return End(divergedSince);
                checkpoints.AfterStep(Timed());
            }
            else
            {
                if (ReadUntil(0) is { } diverged) return End(diverged);
                if (IsEvaluationDue(position, options))
                {
                    if (TryEvaluate(position, options, observers, cancellation) is not { } evaluation)
                        return End(new(TrialState.Interrupted, position.Updates, EpochAt(position), IsToBeContinued: true));
                    if (options.StopAtNonFinite && !double.IsFinite(evaluation.Loss))
                        return End(new(TrialState.Diverged, position.Updates, EpochAt(position), DivergenceOf(evaluation, position)));
                }
                position = position with { Epoch = position.Epoch + 1, Batch = 0 };
                checkpoints.AfterEpoch(Timed());
            }
        }
        return End(new(TrialState.Completed, position.Updates, options.Epochs));
    }

    private TrainingPosition Start(TrainingPosition position, PendingSteps pending, IReadOnlyList<TrainingObserver> observers)
    {
        using var scope = NewDisposeScope();
        var started = clock.GetTimestamp();
        var batch = task.Training(position.Epoch, position.Batch);
        foreach (var observer in observers) observer.OnBatch(batch, position.Updates, EpochAt(position));
        var factor = schedule.FactorAt(EpochAt(position));
        var next = position with { Batch = position.Batch + 1, Updates = position.Updates + 1 };
        pending.Add(position, next, factor, started, step.Start(batch, factor));
        return next;
    }

    private double EpochAt(TrainingPosition position) => position.Epoch + position.Batch / (double)task.BatchesPerEpoch;

    private static (TrialState State, bool IsToBeContinued)? ReasonToEnd(
        TrainerOptions options, TrainingPosition position, CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested) return (TrialState.Interrupted, true);
        if (position.ElapsedSeconds > options.MaxDuration?.TotalSeconds) return (TrialState.Stopped, false);
        return position.Updates >= options.MaxSteps ? (TrialState.Stopped, true) : null;
    }

    private static bool IsEvaluationDue(TrainingPosition position, TrainerOptions options) =>
        (position.Epoch + 1) % options.EvaluateEveryEpochs == 0 || position.Epoch + 1 >= options.Epochs;

    private Evaluation? TryEvaluate(
        TrainingPosition position, TrainerOptions options, IReadOnlyList<TrainingObserver> observers, CancellationToken cancellation)
    {
        Evaluation evaluation;
        try
        {
            evaluation = step.Evaluate(task, cancellation: cancellation);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
        var report = new EvaluationReport(position.Updates, Math.Min(position.Epoch + 1, options.Epochs), evaluation);
        foreach (var observer in observers) observer.OnEvaluated(report);
        return evaluation;
    }

    // Weights that are finite may still overflow on examples never seen, or with running statistics that have overflown.
    private static DivergenceRecord DivergenceOf(Evaluation evaluation, TrainingPosition position) =>
        new(position.Updates, $"the loss is {(double.IsNaN(evaluation.Loss) ? "NaN" : "Infinity")}", "evaluation");

    private static DivergenceRecord? DivergenceOf(StepReport report, TrainerOptions options)
    {
        if (options.StopAtNonFinite && report.Result.Failure is { } failure) return new DivergenceRecord(report.UpdatesMade, failure.What, failure.Layer);
        return report.Result.Loss > options.StopAtLossAbove
            ? new DivergenceRecord(report.UpdatesMade, FormattableString.Invariant($"loss {report.Result.Loss:G6} is above {options.StopAtLossAbove:G6}"))
            : null;
    }
}
