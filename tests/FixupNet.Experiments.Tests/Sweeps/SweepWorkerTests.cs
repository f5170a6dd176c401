using FixupNet.Experiments.Sweeps;
using FixupNet.Experiments.Tests.Configuration;
using FixupNet.Runs;
using FixupNet.Runs.Records;

namespace FixupNet.Experiments.Tests.Sweeps;

internal sealed class SweepWorkerTests : FourTrials
{
    private readonly List<SweepEvent> _events = [];
    private readonly List<int> _waits = [];

    [SetUp]
    public void ForgetEvents()
    {
        _events.Clear();
        _waits.Clear();
    }

    [Test]
    public void Run_RunsEveryTrialOnceInOrder()
    {
        var process = ScriptedProcess.Completing();

        var outcome = Run(process);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(process.Started, Is.EqualTo(new[] { "0000-t", "0001-t", "0002-t", "0003-t" }));
            Assert.That(outcome.CountOf(TrialState.Completed), Is.EqualTo(4));
            Assert.That(outcome.IsInterrupted, Is.False);
        }
    }

    [Test]
    public void Run_StartsNothing_WhenAllIsComplete()
    {
        Run(ScriptedProcess.Completing());
        var process = ScriptedProcess.Completing();

        var outcome = Run(process);

        Assert.That((process.Started.Count, outcome.StartedCount, outcome.CountOf(TrialState.Completed)), Is.EqualTo((0, 0, 4)));
    }

    [Test]
    public void Run_NeverRunsDivergedTrialsAgain()
    {
        var diverging = new ScriptedProcess((trial, _) => Task.FromResult(ScriptedProcess.End(trial, TrialState.Diverged)));
        var first = Run(diverging);
        var again = ScriptedProcess.Completing();

        var second = Run(again);

        Assert.That((first.CountOf(TrialState.Diverged), again.Started.Count, second.CountOf(TrialState.Diverged)), Is.EqualTo((4, 0, 4)));
    }

    [TestCase(TrialState.Interrupted)]
    [TestCase(TrialState.Running)]
    public void Run_RunsTrialsThatWereLeftOff(TrialState left)
    {
        Run(ScriptedProcess.Completing());
        File.Delete(Trial(2).SummaryFile);
        Trial(2).WriteStatus(new TrialStatus(left, 1, 0.5, DateTimeOffset.UnixEpoch));
        var process = ScriptedProcess.Completing();

        Run(process);

        Assert.That(process.Started, Is.EqualTo(new[] { "0002-t" }));
    }

    [Test]
    public void Run_RecordsFailure_AndGoesOn()
    {
        var process = new ScriptedProcess((trial, _) => Task.FromResult(IsTrial(trial, 1) ? 66 : ScriptedProcess.End(trial, TrialState.Completed)))
        {
            ErrorLines = ["12:00:00 [INF] begins", "fixupnet: cifar10 is not there."],
        };

        var outcome = Run(process);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((outcome.CountOf(TrialState.Failed), outcome.CountOf(TrialState.Completed)), Is.EqualTo((1, 3)));
            Assert.That(Trial(1).ReadStatus()!.Reason, Is.EqualTo("fixupnet: cifar10 is not there."));
            Assert.That(Trial(1).IsEnded, Is.False);
            Assert.That(File.ReadAllText(Trial(1).TextLogFile), Does.Contain("exit code 66").And.Contain("[INF] begins"));
        }
    }

    [TestCase(0, "exit code 0 without a message")]
    [TestCase(136, "ended by signal 8")]
    [TestCase(137, "killed by signal 9")]
    [TestCase(128, "exit code 128 without a message")]
    [TestCase(139, "ended by signal 11")]
    public void Run_CountsATrialAsFailed_WhenItsProcessLeavesNoSummary(int exitCode, string reason)
    {
        var outcome = Run(ScriptedProcess.Exiting(exitCode), new SweepWorkerOptions(MaxTrials: 1));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(outcome.CountOf(TrialState.Failed), Is.EqualTo(1));
            Assert.That(Trial(0).ReadStatus()!.Reason, Is.EqualTo(reason));
        }
    }

    [Test]
    public void Run_TrustsTheSummary_WhenTheProcessCrashedAfterIt()
    {
        var process = new ScriptedProcess((trial, _) => Task.FromResult(ScriptedProcess.End(trial, TrialState.Completed) + 139));

        var outcome = Run(process);

        Assert.That(outcome.CountOf(TrialState.Completed), Is.EqualTo(4));
    }

    [Test]
    public void Run_StartsNoMore_WhenFailingFast()
    {
        var process = new ScriptedProcess((trial, _) => Task.FromResult(IsTrial(trial, 1) ? 1 : ScriptedProcess.End(trial, TrialState.Completed)));

        var outcome = Run(process, new SweepWorkerOptions(FailFast: true));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(process.Started, Is.EqualTo(new[] { "0000-t", "0001-t" }));
            Assert.That((outcome.CountOf(TrialState.Failed), outcome.CountOf(TrialState.Pending)), Is.EqualTo((1, 2)));
            Assert.That(outcome.IsInterrupted, Is.False);
        }
    }

    [Test]
    public void Run_StopsAtMaxTrials()
    {
        var process = ScriptedProcess.Completing();

        var outcome = Run(process, new SweepWorkerOptions(MaxTrials: 3, ThreadsPerTrial: 2));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(process.Threads, Is.EqualTo(new int?[] { 2, 2, 2 }));
            Assert.That((outcome.CountOf(TrialState.Completed), outcome.CountOf(TrialState.Pending)), Is.EqualTo((3, 1)));
        }
    }

    [TestCase(130, TrialState.Pending)]
    [TestCase(66, TrialState.Failed)]
    public void Run_TellsATrialThatASignalEndedFromOneThatFailed_WhenCancelled(int exitCode, TrialState expected)
    {
        using var source = new CancellationTokenSource();
        var process = new ScriptedProcess(async (_, _) =>
        {
            await source.CancelAsync();
            return exitCode;
        });

        Run(process, new SweepWorkerOptions(), source.Token);

        Assert.That(Trial(0).ReadState(), Is.EqualTo(expected));
    }

    [Test]
    public void Run_InterruptsRunningTrialsAndStartsNoMore_WhenCancelled()
    {
        using var source = new CancellationTokenSource();
        var process = new ScriptedProcess(async (trial, cancellation) =>
        {
            var cancelled = new TaskCompletionSource();
            await using var registration = cancellation.Register(cancelled.SetResult);
            await source.CancelAsync();
            await cancelled.Task;
            return ScriptedProcess.End(trial, TrialState.Interrupted);
        });

        var outcome = Run(process, new SweepWorkerOptions(), source.Token);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(process.Started, Is.EqualTo(new[] { "0000-t" }));
            Assert.That(outcome.IsInterrupted, Is.True);
            Assert.That((outcome.CountOf(TrialState.Interrupted), outcome.CountOf(TrialState.Pending)), Is.EqualTo((1, 3)));
        }
    }

    [Test]
    public void Run_RunsSoManyTrialsAtOnceAsThereAreJobs()
    {
        var (both, startedCount) = (new TaskCompletionSource(), 0);
        var process = new ScriptedProcess(async (trial, _) =>
        {
            // Ends only once a second trial has begun: with one job the test would not end.
            if (Interlocked.Increment(ref startedCount) == 2) both.SetResult();
            await both.Task.WaitAsync(TimeSpan.FromSeconds(30));
            return ScriptedProcess.End(trial, TrialState.Completed);
        });

        var outcome = Run(process, new SweepWorkerOptions(Jobs: 2));

        Assert.That(outcome.CountOf(TrialState.Completed), Is.EqualTo(4));
    }

    [Test]
    public void Run_WritesTheJournal()
    {
        Run(new ScriptedProcess((trial, _) => Task.FromResult(IsTrial(trial, 1) ? 1 : ScriptedProcess.End(trial, TrialState.Completed))), new SweepWorkerOptions(MaxTrials: 2));

        var journal = SweepJournal.Read(Directory.GetFiles(Sweep.JournalFolder).Single());

        Assert.That(journal.Select(line => (line.Trial, line.Generation, line.Event, line.State, line.ExitCode)), Is.EqualTo(new (int, int, SweepEventKind, TrialState?, int?)[]
        {
            (0, 1, SweepEventKind.Claimed, null, null), (0, 1, SweepEventKind.Running, null, null), (0, 1, SweepEventKind.Ended, TrialState.Completed, 0),
            (1, 1, SweepEventKind.Claimed, null, null), (1, 1, SweepEventKind.Running, null, null), (1, 1, SweepEventKind.Ended, TrialState.Failed, 1),
        }));
    }

    [Test]
    public void Run_Throws_WhenAProcessCannotBeStarted()
    {
        var process = new ScriptedProcess((_, _) => throw new IOException("Cannot start."));

        Assert.That(() => Run(process, new SweepWorkerOptions(Jobs: 2)), Throws.TypeOf<IOException>());
        Assert.That(process.Started, Has.Count.LessThanOrEqualTo(2));
    }

    private SweepOutcome Run(ITrialProcess process, SweepWorkerOptions? options = null, CancellationToken cancellation = default) =>
        Run(process, new ManualClock(), options, cancellation);

    private SweepOutcome Run(ITrialProcess process, TimeProvider clock, SweepWorkerOptions? options = null, CancellationToken cancellation = default) =>
        new SweepWorker(Sweep, new WorkerTools(process, clock, Some.Registries, _events.Add, _waits.Add)).RunAsync(options ?? new SweepWorkerOptions(), cancellation).GetAwaiter().GetResult();
}
