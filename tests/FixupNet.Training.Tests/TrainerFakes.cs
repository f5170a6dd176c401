using FixupNet.Runs.Checkpoints;
using FixupNet.Runs.Metrics;
using FixupNet.Runs.Records;
using FixupNet.Schedules;
using FixupNet.Training.Tasks;

namespace FixupNet.Training.Tests;

/// <summary>A step that computes nothing, notes what it was asked, and gives the results it was told to.</summary>
internal sealed class FakeStep(Func<int, StepResult>? result = null, double testLoss = 1) : ITrainingStep
{
    public List<(int Count, double Factor)> Calls { get; } = [];

    public StepResult Run(Batch batch, double learningRateFactor)
    {
        Calls.Add((batch.Count, learningRateFactor));
        return result?.Invoke(Calls.Count - 1) ?? Some.Result(count: batch.Count);
    }

    public Evaluation Evaluate(ITask task, int? maxExamples = null, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        return new(new MetricValues(("loss", testLoss), ("accuracy", 0.5)), maxExamples ?? task.TestCount);
    }
}

/// <summary>
/// A step whose results are read later, as a GPU's are: it notes how many were under way at once, and, like a GPU, leaves its state alone from
/// the first failure on.
/// </summary>
internal sealed class DeferredStep(int stepsInFlight, Func<int, StepResult>? result = null, double stopAtLossAbove = double.PositiveInfinity) : ITrainingStep
{
    private readonly Queue<StepResult> _pending = [];
    private int _started;
    private bool _stopped;

    public int StepsInFlight => stepsInFlight;

    /// <summary>Updates made.</summary>
    public int State { get; private set; }

    /// <summary>Steps started and not read, at most.</summary>
    public int MostPending { get; private set; }

    /// <summary>The state that every evaluation and save saw.</summary>
    public List<int> Seen { get; } = [];

    public StepResult Run(Batch batch, double learningRateFactor) => Start(batch, learningRateFactor).Read();

    public IPendingStep Start(Batch batch, double learningRateFactor)
    {
        var made = result?.Invoke(_started) ?? Some.Result(loss: _started, count: batch.Count);
        _started++;
        _stopped |= made.Failure is not null;
        if (!_stopped) State++;
        // A loss above the limit is noticed after its own update.
        _stopped |= made.Loss > stopAtLossAbove;
        _pending.Enqueue(made with { Updated = made.Failure is null });
        MostPending = Math.Max(MostPending, _pending.Count);
        return new Pending(this);
    }

    public Evaluation Evaluate(ITask task, int? maxExamples = null, CancellationToken cancellation = default)
    {
        Look();
        return new(new MetricValues(("loss", 1), ("accuracy", 0.5)), task.TestCount);
    }

    public void Look()
    {
        Assert.That(_pending, Is.Empty, "steps are under way");
        Seen.Add(State);
    }

    private sealed class Pending(DeferredStep step) : IPendingStep
    {
        public StepResult Read() => step._pending.Dequeue();
    }
}

/// <summary>A schedule whose factor is the epoch itself.</summary>
internal sealed class EpochSchedule : ILearningRateSchedule
{
    public double FactorAt(double epoch) => epoch;
}

/// <summary>Notes everything it sees, in order.</summary>
internal sealed class NotingObserver : TrainingObserver
{
    public List<string> Notes { get; } = [];

    public List<StepReport> Steps { get; } = [];

    public override void OnBatch(Batch batch, long updatesMade, double epoch) => Notes.Add(FormattableString.Invariant($"batch {updatesMade} {epoch}"));

    public override void OnStep(StepReport report)
    {
        Notes.Add(FormattableString.Invariant($"step {report.UpdatesMade} {report.Epoch}"));
        Steps.Add(report);
    }

    public override void OnEvaluated(EvaluationReport report) =>
        Notes.Add(FormattableString.Invariant($"evaluated {report.UpdatesMade} {report.Epoch}"));
}

/// <summary>Notes the points it is told of: epoch, batch and updates.</summary>
internal sealed class NotingCheckpoints : ITrainingCheckpoints
{
    public TrainingPosition Start { get; init; } = TrainingPosition.Start;

    public List<string> Notes { get; } = [];

    public TrainingPosition? Last { get; private set; }

    public Func<TrainingPosition, bool> IsDue { get; init; } = _ => true;

    public bool IsDueAfterStep(TrainingPosition position) => IsDue(position);

    public void AfterStep(TrainingPosition position) => Note("step", position);

    public void AfterEpoch(TrainingPosition position) => Note("epoch", position);

    public void AtEnd(TrainingPosition position, TrainingOutcome outcome) => Note(outcome.State.ToString(), position);

    private void Note(string what, TrainingPosition position)
    {
        Notes.Add($"{what} {position.Epoch} {position.Batch} {position.Updates}");
        Last = position;
    }
}
