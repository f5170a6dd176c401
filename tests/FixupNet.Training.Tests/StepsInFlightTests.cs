using FixupNet.Runs.Checkpoints;
using FixupNet.Training.Tasks;
using static TorchSharp.torch;

namespace FixupNet.Training.Tests;

/// <summary>However many steps are under way at once, a run tells, saves and ends as one that waits for every step.</summary>
public sealed class StepsInFlightTests
{
    private static readonly TrainerOptions s_options = new(
        Epochs: 3, EvaluateEveryEpochs: 1, MaxSteps: null, StopAtNonFinite: true, StopAtLossAbove: 100, MaxDuration: null);

    private sealed record Account(
        TrainingOutcome Outcome, string Reports, string Checkpoints, string Seen, int State, int MostPending)
    {
        public override string ToString() => $"{Outcome}\n{Reports}\n{Checkpoints}\n{Seen}\n{State}";
    }

    [Test]
    public void Start_KeepsThatManyUnderWay([Values(0, 1, 4)] int inFlight)
    {
        var account = Run(inFlight, s_options);

        // The queue is one longer for a moment: a step is started before the oldest is read.
        Assert.That(account.MostPending, Is.EqualTo(inFlight + 1));
    }

    [Test]
    public void Run_GivesTheSame_ToTheEnd([Values(1, 2, 4, 100)] int inFlight) => AssertSame(inFlight, s_options);

    [Test]
    public void Run_GivesTheSame_WhenStepsRunOut([Values(1, 4)] int inFlight, [Values(1, 5, 10)] int maxSteps) =>
        AssertSame(inFlight, s_options with { MaxSteps = maxSteps });

    [Test]
    public void Run_GivesTheSame_WhenAStepFails([Values(1, 4, 100)] int inFlight, [Values(0, 4, 9, 11, 29)] int failing) =>
        AssertSame(inFlight, s_options, i => i == failing ? Some.Result(loss: double.NaN) with { Failure = new("conv1", "the loss is NaN") } : null);

    [Test]
    public void Run_GivesTheSame_WhenALossIsTooHigh([Values(1, 4, 100)] int inFlight, [Values(0, 4, 9, 13)] int failing) =>
        AssertSame(inFlight, s_options, i => i == failing ? Some.Result(loss: 1000) : null);

    [Test]
    public void Run_GivesTheSame_WhenCheckpointsAreDue([Values(1, 4)] int inFlight, [Values(1, 3, 7)] int everySteps) =>
        AssertSame(inFlight, s_options, everySteps: everySteps);

    [Test]
    public void Run_GivesTheSame_FromTheMiddleOfAnEpoch([Values(1, 4)] int inFlight) =>
        AssertSame(inFlight, s_options, start: new TrainingPosition(1, 3, 13, 2, 5));

    [Test]
    public void Run_GivesTheSame_WhenItIsCancelled([Values(1, 4)] int inFlight)
    {
        var account = Run(inFlight, s_options, cancelAtBatch: 5);

        // How many steps were begun when the signal came is up to the clock; all of them are told of and saved.
        Assert.That(account.Outcome.State, Is.EqualTo(Runs.Records.TrialState.Interrupted));
        Assert.That(account.State, Is.EqualTo(account.Outcome.Steps));
        Assert.That(account.Checkpoints, Does.EndWith($"Interrupted 0 {account.Outcome.Steps} {account.Outcome.Steps}"));
        Assert.That(account.Reports.Split(' '), Has.Length.EqualTo(account.Outcome.Steps));
    }

    [Test]
    public void Elapsed_CountsStepsUnderWayAtOnceOnce([Values(0, 4)] int inFlight)
    {
        var clock = new ManualClock();
        var observer = new NotingObserver();
        var step = new DeferredStep(inFlight, _ =>
        {
            clock.Advance(2);
            return Some.Result();
        });

        Train(step, s_options with { Epochs = 1 }, observer, new NotingCheckpoints { IsDue = _ => false }, clock, default);

        Assert.That(observer.Steps[^1].Elapsed, Is.EqualTo(TimeSpan.FromSeconds(20)));
    }

    private static void AssertSame(
        int inFlight, TrainerOptions options, Func<int, StepResult?>? result = null, int? everySteps = null, TrainingPosition? start = null)
    {
        var expected = Run(0, options, result, everySteps, start);

        var actual = Run(inFlight, options, result, everySteps, start);

        Assert.That(actual.ToString(), Is.EqualTo(expected.ToString()));
    }

    private static Account Run(
        int inFlight, TrainerOptions options, Func<int, StepResult?>? result = null, int? everySteps = null, TrainingPosition? start = null,
        int? cancelAtBatch = null)
    {
        using var cancellation = new CancellationTokenSource();
        var step = new DeferredStep(
            inFlight, i =>
            {
                if (i == cancelAtBatch) cancellation.Cancel();
                return result?.Invoke(i) ?? Some.Result(loss: i);
            },
            options.StopAtLossAbove);
        var checkpoints = new NotingCheckpoints
        {
            Start = start ?? TrainingPosition.Start,
            IsDue = position => everySteps is { } every && position.Updates % every == 0,
        };
        var observer = new NotingObserver();
        var outcome = Train(step, options, observer, checkpoints, new ManualClock(), cancellation.Token);
        return new Account(
            outcome, string.Join(' ', observer.Steps.Select(report => FormattableString.Invariant($"{report.UpdatesMade}:{report.Epoch}:{report.Result.Loss}"))),
            string.Join(", ", checkpoints.Notes), string.Join(' ', step.Seen), step.State, step.MostPending);
    }

    private static TrainingOutcome Train(
        ITrainingStep step, TrainerOptions options, TrainingObserver observer, NotingCheckpoints checkpoints, TimeProvider clock, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        using var task = new ImageClassification(Some.Pipeline(Some.Dataset(40, 2), 4));
        using var network = new LinearNetwork(zeros([Some.ClassCount, 3072]));
        return new Trainer(step, network, task, new EpochSchedule(), clock).Run(options, [observer], checkpoints, cancellation);
    }
}
