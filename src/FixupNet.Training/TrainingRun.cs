using FixupNet.Runs.Checkpoints;
using FixupNet.Runs.Records;
using FixupNet.Schedules;
using FixupNet.Training.Tasks;
using static TorchSharp.torch;

namespace FixupNet.Training;

/// <summary>One run on its way: where it is, and which steps are under way.</summary>
internal sealed class TrainingRun(
    ITrainingStep step, ITask task, ILearningRateSchedule schedule, TimeProvider clock, TrainerOptions options, IReadOnlyList<TrainingObserver> observers,
    ITrainingCheckpoints checkpoints, CancellationToken cancellation)
{
    private readonly long _started = clock.GetTimestamp();
    private readonly PendingSteps _pending = new(clock, checkpoints.Start.StepSeconds);
    private readonly GarbageLimit _garbage = new();
    private TrainingPosition _position = checkpoints.Start;

    /// <summary>Trains until something ends the run.</summary>
    internal TrainingOutcome ToItsEnd()
    {
        TrainingOutcome? outcome = null;
        while (outcome is null && _position.Epoch < Math.Max(1, options.Epochs))
            outcome = options.Epochs > 0 && _position.Batch < task.BatchesPerEpoch ? NextStep() : EndOfEpoch();
        outcome ??= new(TrialState.Completed, _position.Updates, options.Epochs);
        checkpoints.AtEnd(Timed, outcome);
        return outcome;
    }

    private TrainingPosition Timed => _position with
    {
        ElapsedSeconds = checkpoints.Start.ElapsedSeconds + clock.GetElapsedTime(_started).TotalSeconds,
        StepSeconds = _pending.Seconds,
    };

    // How it ends here; null where it goes on.
    private TrainingOutcome? NextStep()
    {
        if (ReasonToEnd() is { } reason) return ReadUntil(0) ?? Ended(reason.State, reason.IsToBeContinued);
        if (observers.Any(observer => observer.LooksAtNetwork(_position.Updates)) && ReadUntil(0) is { } failed) return failed;
        Start();
        if (ReadUntil(step.StepsInFlight) is { } diverged) return diverged;
        if (!checkpoints.IsDueAfterStep(Timed)) return null;
        if (ReadUntil(0) is { } divergedSince) return divergedSince;
        checkpoints.AfterStep(Timed);
        return null;
    }

    private TrainingOutcome? EndOfEpoch()
    {
        if (ReadUntil(0) is { } diverged) return diverged;
        if (IsEvaluationDue)
        {
            if (TryEvaluate() is not { } evaluation) return Ended(TrialState.Interrupted, isToBeContinued: true);
            if (options.StopAtNonFinite && !double.IsFinite(evaluation.Loss)) return Ended(TrialState.Diverged, divergence: DivergenceOf(evaluation));
        }
        _position = _position with { Epoch = _position.Epoch + 1, Batch = 0 };
        checkpoints.AfterEpoch(Timed);
        return null;
    }

    private void Start()
    {
        _garbage.Keep();
        using var scope = NewDisposeScope();
        var started = clock.GetTimestamp();
        var batch = task.Training(_position.Epoch, _position.Batch);
        foreach (var observer in observers) observer.OnBatch(batch, _position.Updates, EpochAt(_position));
        var factor = schedule.FactorAt(EpochAt(_position));
        var next = _position with { Batch = _position.Batch + 1, Updates = _position.Updates + 1 };
        _pending.Add(_position, next, factor, started, step.Start(batch, factor));
        _position = next;
    }

    // Reads the oldest steps until so many are left; where one ends the run, the position is the one before it.
    private TrainingOutcome? ReadUntil(int left)
    {
        while (_pending.Count > left)
        {
            var read = _pending.Read();
            var next = read.Result.Updated ? read.Next : read.Next with { Updates = read.Next.Updates - 1 };
            var report = new StepReport(read.Before.Updates, EpochAt(read.Before), EpochAt(next), read.Result, read.Factor, TimeSpan.FromSeconds(_pending.Seconds));
            foreach (var observer in observers) observer.OnStep(report);
            if (DivergenceOf(report) is { } divergence)
            {
                _position = read.Before;
                return new(TrialState.Diverged, next.Updates, EpochAt(_position), divergence);
            }
            if (_pending.Count == 0) _position = next;
        }
        return null;
    }

    private Evaluation? TryEvaluate()
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
        var report = new EvaluationReport(_position.Updates, Math.Min(_position.Epoch + 1, options.Epochs), evaluation);
        foreach (var observer in observers) observer.OnEvaluated(report);
        return evaluation;
    }

    private bool IsEvaluationDue => (_position.Epoch + 1) % options.EvaluateEveryEpochs == 0 || _position.Epoch + 1 >= options.Epochs;

    private (TrialState State, bool IsToBeContinued)? ReasonToEnd()
    {
        if (cancellation.IsCancellationRequested) return (TrialState.Interrupted, true);
        if (Timed.ElapsedSeconds > options.MaxDuration?.TotalSeconds) return (TrialState.Stopped, false);
        return _position.Updates >= options.MaxSteps ? (TrialState.Stopped, true) : null;
    }

    private double EpochAt(TrainingPosition position) => position.Epoch + position.Batch / (double)task.BatchesPerEpoch;

    private TrainingOutcome Ended(TrialState state, bool isToBeContinued = false, DivergenceRecord? divergence = null) =>
        new(state, _position.Updates, EpochAt(_position), divergence, isToBeContinued);

    // Weights that are finite may still overflow on examples never seen, or with running statistics that have overflown.
    private DivergenceRecord DivergenceOf(Evaluation evaluation) =>
        new(_position.Updates, $"the loss is {(double.IsNaN(evaluation.Loss) ? "NaN" : "Infinity")}", "evaluation");

    private DivergenceRecord? DivergenceOf(StepReport report)
    {
        if (options.StopAtNonFinite && report.Result.Failure is { } failure) return new DivergenceRecord(report.UpdatesMade, failure.What, failure.Layer);
        return report.Result.Loss > options.StopAtLossAbove
            ? new DivergenceRecord(report.UpdatesMade, FormattableString.Invariant($"loss {report.Result.Loss:G6} is above {options.StopAtLossAbove:G6}"))
            : null;
    }
}
