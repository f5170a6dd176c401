using FixupNet.Runs.Checkpoints;
using FixupNet.Runs.Records;
using FixupNet.Training.Tasks;
using static TorchSharp.torch;

namespace FixupNet.Training.Tests;

/// <summary>The loop around the steps: 10 images in batches of 4 are 3 steps an epoch.</summary>
public sealed class TrainerTests
{
    private static readonly TrainerOptions s_options = new(
        Epochs: 2, EvaluateEveryEpochs: 1, MaxSteps: null, StopAtNonFinite: true, StopAtLossAbove: 100, MaxDuration: null);

    private readonly NotingObserver _observer = new();
    private readonly ManualClock _clock = new();

    [Test]
    public void Run_TrainsEveryEpochAndEvaluatesAfterEach()
    {
        var step = new FakeStep();

        var outcome = Run(step, s_options);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(outcome, Is.EqualTo(new TrainingOutcome(TrialState.Completed, 6, 2)));
            Assert.That(step.Calls.Select(call => call.Count), Is.EqualTo(new[] { 4, 4, 2, 4, 4, 2 }));
            Assert.That(_observer.Notes.Where(note => note.StartsWith("evaluated")), Is.EqualTo(new[] { "evaluated 3 1", "evaluated 6 2" }));
        }
    }

    // A batch and its step carry the number of updates before it; and so is their epoch the one before the step.
    [Test]
    public void Run_TellsObserversInOrder()
    {
        Run(new FakeStep(), s_options with { Epochs = 1 }, imageCount: 8);

        Assert.That(_observer.Notes, Is.EqualTo(new[] { "batch 0 0", "step 0 0", "batch 1 0.5", "step 1 0.5", "evaluated 2 1" }));
    }

    [Test]
    public void Run_HandsTheResultOfTheStepToObservers()
    {
        var results = new[] { Some.Result(loss: 1), Some.Result(loss: 2), Some.Result(loss: 3) };

        Run(new FakeStep(i => results[i]), s_options with { Epochs = 1 });

        Assert.That(_observer.Steps.Select(report => report.Result), Is.EqualTo(results));
    }

    [TestCase(5, 2, new[] { 2, 4, 5 })]
    [TestCase(2, 10, new[] { 2 })]
    public void Run_EvaluatesEveryFewEpochsAndAtTheEnd(int epochs, int every, int[] expected)
    {
        Run(new FakeStep(), s_options with { Epochs = epochs, EvaluateEveryEpochs = every });

        Assert.That(_observer.Notes.Where(note => note.StartsWith("evaluated")), Is.EqualTo(expected.Select(epoch => $"evaluated {3 * epoch} {epoch}")));
    }

    [Test]
    public void Run_OnlyEvaluates_WhenEpochsIsZero()
    {
        var outcome = Run(new FakeStep(), s_options with { Epochs = 0 });

        using (Assert.EnterMultipleScope())
        {
            Assert.That(outcome, Is.EqualTo(new TrainingOutcome(TrialState.Completed, 0, 0)));
            Assert.That(_observer.Notes, Is.EqualTo(new[] { "evaluated 0 0" }));
        }
    }

    [Test]
    public void Run_AsksTheScheduleForTheEpochBeforeEachStep()
    {
        var step = new FakeStep();

        Run(step, s_options, imageCount: 16);

        double[] expected = [0, 0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75];
        using (Assert.EnterMultipleScope())
        {
            Assert.That(step.Calls.Select(call => call.Factor), Is.EqualTo(expected));
            Assert.That(_observer.Steps.Select(report => report.LearningRateFactor), Is.EqualTo(expected));
        }
    }

    [TestCase(2, 2 / 3.0)]
    [TestCase(3, 1.0)]
    [TestCase(4, 4 / 3.0)]
    public void Run_Stops_AfterMaxSteps(int maxSteps, double expectedEpochs)
    {
        var step = new FakeStep();

        var outcome = Run(step, s_options with { MaxSteps = maxSteps });

        using (Assert.EnterMultipleScope())
        {
            Assert.That(outcome, Is.EqualTo(new TrainingOutcome(TrialState.Stopped, maxSteps, expectedEpochs, IsToBeContinued: true)));
            Assert.That(step.Calls, Has.Count.EqualTo(maxSteps));
        }
    }

    [Test]
    public void Run_Completes_WhenMaxStepsIsNotBelowItsLength() =>
        Assert.That(Run(new FakeStep(), s_options with { MaxSteps = 6 }).State, Is.EqualTo(TrialState.Completed));

    [Test]
    public void Run_IsInterrupted_AfterTheStepAtHand_WhenCancelled()
    {
        using var source = new CancellationTokenSource();
        var step = new FakeStep(i =>
        {
            if (i == 1) source.Cancel();
            return Some.Result();
        });

        var outcome = Run(step, s_options, cancellation: source.Token);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(outcome, Is.EqualTo(new TrainingOutcome(TrialState.Interrupted, 2, 2 / 3.0, IsToBeContinued: true)));
            Assert.That(_observer.Steps, Has.Count.EqualTo(2));
        }
    }

    [Test]
    public void Run_Stops_AfterMaxDuration()
    {
        var step = new FakeStep(_ =>
        {
            _clock.Advance(10);
            return Some.Result();
        });

        var outcome = Run(step, s_options with { MaxDuration = TimeSpan.FromSeconds(30) });

        Assert.That(outcome, Is.EqualTo(new TrainingOutcome(TrialState.Stopped, 4, 4 / 3.0))); // 30 s are allowed, 40 s are more
    }

    [Test]
    public void Run_AddsUpTheTimeOfSteps_WithoutObservers()
    {
        var step = new FakeStep(_ =>
        {
            _clock.Advance(10);
            return Some.Result();
        });
        using var slow = new SlowObserver(_clock);

        Run(step, s_options with { Epochs = 1 }, observers: [_observer, slow]);

        Assert.That(_observer.Steps.Select(report => report.Elapsed.TotalSeconds), Is.EqualTo(new[] { 10, 20, 30 }));
    }

    [Test]
    public void Run_Diverges_WhenTheLossIsAboveTheLimit()
    {
        var outcome = Run(new FakeStep(i => Some.Result(loss: i == 1 ? 100.5 : 100)), s_options);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(outcome.State, Is.EqualTo(TrialState.Diverged));
            Assert.That(outcome.Divergence, Is.EqualTo(new DivergenceRecord(1, "loss 100.5 is above 100")));
            Assert.That(_observer.Notes, Is.EqualTo(new[] { "batch 0 0", "step 0 0", $"batch 1 {1 / 3.0}", $"step 1 {1 / 3.0}" }));
        }
    }

    [Test]
    public void Run_Diverges_WhenAStepFails()
    {
        var failed = Some.Result(loss: double.NaN, failure: new NonFiniteValue("layer1.0", "the output is not finite")) with { Updated = false };

        var outcome = Run(new FakeStep(i => i == 2 ? failed : Some.Result()), s_options);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(outcome, Is.EqualTo(
                new TrainingOutcome(TrialState.Diverged, 2, 2 / 3.0, new DivergenceRecord(2, "the output is not finite", "layer1.0"))));
            Assert.That(_observer.Steps[^1].Result, Is.SameAs(failed));
        }
    }

    [TestCase(double.NaN, "the loss is NaN")]
    [TestCase(double.PositiveInfinity, "the loss is Infinity")]
    public void Run_Diverges_WhenAnEvaluationIsNotFinite(double loss, string what)
    {
        var checkpoints = new NotingCheckpoints();

        var outcome = Run(new FakeStep(testLoss: loss), s_options, checkpoints: checkpoints);

        Assert.That(outcome, Is.EqualTo(new TrainingOutcome(TrialState.Diverged, 3, 1, new DivergenceRecord(3, what, "evaluation"))));
        Assert.That(checkpoints.Notes, Is.EqualTo(new[] { "step 0 1 1", "step 0 2 2", "step 0 3 3", "Diverged 0 3 3" }));
    }

    [Test]
    public void Run_GoesOn_WhenItMayNotStopAtNonFinite()
    {
        var failed = Some.Result(loss: double.NaN, failure: new NonFiniteValue("loss", "the loss is NaN"));

        var outcome = Run(new FakeStep(_ => failed, testLoss: double.NaN), s_options with { StopAtNonFinite = false });

        Assert.That(outcome, Is.EqualTo(new TrainingOutcome(TrialState.Completed, 6, 2)));
    }

    // 3 steps an epoch; the evaluation of epoch 1 belongs to the epoch.
    [Test]
    public void Run_TellsCheckpointsOfEveryPoint()
    {
        var checkpoints = new NotingCheckpoints();

        Run(new FakeStep(), s_options, checkpoints: checkpoints);

        Assert.That(checkpoints.Notes, Is.EqualTo(new[]
        {
            "step 0 1 1", "step 0 2 2", "step 0 3 3", "epoch 1 0 3", "step 1 1 4", "step 1 2 5", "step 1 3 6", "epoch 2 0 6", "Completed 2 0 6",
        }));
    }

    [TestCase(0, 2, 2, new[] { "batch 2 " })]
    [TestCase(1, 0, 3, new[] { "batch 3 1" })]
    public void Run_BeginsWhereCheckpointsSay(int epoch, int batch, int updates, string[] first)
    {
        var checkpoints = new NotingCheckpoints { Start = new TrainingPosition(epoch, batch, updates, StepSeconds: 100, ElapsedSeconds: 200) };

        var outcome = Run(new FakeStep(), s_options, checkpoints: checkpoints);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(_observer.Notes[0], Does.StartWith(first[0]));
            Assert.That(_observer.Steps[0].Elapsed.TotalSeconds, Is.EqualTo(100), "time in steps goes on");
            Assert.That(checkpoints.Last, Is.EqualTo(new TrainingPosition(2, 0, 6, 100, 200)));
            Assert.That(outcome, Is.EqualTo(new TrainingOutcome(TrialState.Completed, 6, 2)));
        }
    }

    [Test]
    public void Run_EvaluatesFirst_WhenOnlyTheEvaluationOfTheEpochIsLeft()
    {
        Run(new FakeStep(), s_options, checkpoints: new NotingCheckpoints { Start = new TrainingPosition(1, 3, 6, 0, 0) });

        Assert.That(_observer.Notes, Is.EqualTo(new[] { "evaluated 6 2" }));
    }

    [Test]
    public void Run_DoesNothing_WhenAllIsDone()
    {
        var outcome = Run(new FakeStep(), s_options, checkpoints: new NotingCheckpoints { Start = new TrainingPosition(2, 0, 6, 0, 0) });

        Assert.That(_observer.Notes, Is.Empty);
        Assert.That(outcome, Is.EqualTo(new TrainingOutcome(TrialState.Completed, 6, 2)));
    }

    [Test]
    public void Run_IsInterruptedBeforeTheEvaluation_WhenCancelledInIt()
    {
        using var source = new CancellationTokenSource();
        var checkpoints = new NotingCheckpoints();
        var step = new FakeStep(i =>
        {
            if (i == 2) source.Cancel();
            return Some.Result();
        });

        var outcome = Run(step, s_options, checkpoints: checkpoints, cancellation: source.Token);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(outcome, Is.EqualTo(new TrainingOutcome(TrialState.Interrupted, 3, 1, IsToBeContinued: true)));
            Assert.That(checkpoints.Notes[^1], Is.EqualTo("Interrupted 0 3 3"));
            Assert.That(_observer.Notes, Has.None.StartsWith("evaluated"));
        }
    }

    [Test]
    public void Run_TellsThePointBeforeTheStep_WhenItDiverges()
    {
        var checkpoints = new NotingCheckpoints();

        Run(new FakeStep(i => Some.Result(loss: i == 1 ? 100.5 : 100)), s_options, checkpoints: checkpoints);

        Assert.That(checkpoints.Notes, Is.EqualTo(new[] { "step 0 1 1", "Diverged 0 1 1" }));
    }

    [Test]
    public void Run_CountsTheTimeOfEarlierProcesses_AgainstTheLimit()
    {
        var step = new FakeStep(_ =>
        {
            _clock.Advance(10);
            return Some.Result();
        });

        var outcome = Run(
            step, s_options with { MaxDuration = TimeSpan.FromSeconds(30) }, checkpoints: new NotingCheckpoints { Start = new TrainingPosition(0, 1, 1, 0, 25) });

        Assert.That((outcome.State, outcome.Steps), Is.EqualTo((TrialState.Stopped, 2L))); // 25 s and 10 s are over 30 s
    }

    private TrainingOutcome Run(
        FakeStep step, TrainerOptions options, int imageCount = 10, TrainingObserver[]? observers = null,
        ITrainingCheckpoints? checkpoints = null, CancellationToken cancellation = default)
    {
        using var scope = NewDisposeScope();
        using var task = new ImageClassification(Some.Pipeline(Some.Dataset(imageCount, 2), 4));
        using var network = new LinearNetwork(zeros([Some.ClassCount, 3072]));
        var trainer = new Trainer(step, network, task, new EpochSchedule(), _clock);
        return checkpoints is null
            ? trainer.Run(options, observers ?? [_observer], cancellation)
            : trainer.Run(options, observers ?? [_observer], checkpoints, cancellation);
    }

    [SetUp]
    public void Forget()
    {
        _observer.Notes.Clear();
        _observer.Steps.Clear();
    }

    [OneTimeTearDown]
    public void DisposeObserver() => _observer.Dispose();

    private sealed class SlowObserver(ManualClock clock) : TrainingObserver
    {
        public override void OnStep(StepReport report) => clock.Advance(1000);
    }
}
