using FixupNet.Experiments.Sweeps;
using FixupNet.Experiments.Tests.Configuration;
using FixupNet.Runs.Claims;
using FixupNet.Runs.Json;
using FixupNet.Runs.Records;

namespace FixupNet.Experiments.Tests.Sweeps;

/// <summary>A worker beside others: living, dead, and ones that take its trials over.</summary>
internal sealed class SharedSweepTests : FourTrials
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
    public void Run_ReleasesItsClaims_AndLeavesNothingOfItself()
    {
        var process = ScriptedProcess.Completing();

        Run(process);

        Assert.That(Enumerable.Range(0, 4).Select(trial => Sweep.Claims.IsReleased(trial, 1)), Is.All.True);
        Assert.That(Directory.GetFiles(Sweep.Claims.WorkersFolder), Is.Empty);
        Assert.That(process.Fences, Is.EqualTo(new[] { "0000.0002.json", "0001.0002.json", "0002.0002.json", "0003.0002.json" }));
    }

    [Test]
    public void Run_ReleasesItsClaims_WhenItFails()
    {
        Assert.That(() => Run(new ScriptedProcess((_, _) => throw new IOException("Cannot start."))), Throws.TypeOf<IOException>());
        Assert.That((Sweep.Claims.Exists(0, 1), Sweep.Claims.IsReleased(0, 1)), Is.EqualTo((true, true)));
    }

    [Test]
    public void Run_WritesNoJournal_WhenThereIsNothingToDo()
    {
        for (var trial = 0; trial < 4; trial++) End(trial, TrialState.Completed);

        Run(ScriptedProcess.Completing());

        Assert.That(Directory.Exists(Sweep.JournalFolder), Is.False);
    }

    [Test]
    public void Run_WaitsForTheOthers_AndTakesOver()
    {
        var other = Worker(LocalHost.Id);
        Sweep.Claims.TryClaim(2, 1, other.Worker);
        var (process, waits) = (ScriptedProcess.Completing(), 0);
        var clock = new ManualClock(() =>
        {
            if (++waits == 3) other.Dispose();
        });

        var outcome = Run(process, clock: clock);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(process.Started, Is.EqualTo(new[] { "0000-t", "0001-t", "0003-t", "0002-t" }));
            Assert.That((waits, _waits, outcome.CountOf(TrialState.Completed)), Is.EqualTo((3, new[] { 1 }, 4)));
            Assert.That(clock.GetTimestamp(), Is.EqualTo(TimeSpan.FromSeconds(3).Ticks));
        }
    }

    [Test]
    public void Run_EndsWhileOthersLive_WhenItIsNotToWait()
    {
        Sweep.Claims.TryClaim(2, 1, Worker(LocalHost.Id).Worker);

        var outcome = Run(ScriptedProcess.Completing(), new SweepWorkerOptions(Wait: false));

        Assert.That((outcome.CountOf(TrialState.Completed), outcome.CountOf(TrialState.Pending), outcome.IsInterrupted, _waits.Count), Is.EqualTo((3, 1, false, 0)));
    }

    [Test]
    public void Run_StaysUntilItKnowsThatOthersLive_WhenItIsNotToWait()
    {
        var other = Worker("there");
        Sweep.Claims.TryClaim(2, 1, other.Worker);
        var waits = 0;
        var clock = new ManualClock(() =>
        {
            if (++waits == 5) other.Beat();
        });

        var outcome = Run(ScriptedProcess.Completing(), new SweepWorkerOptions(Wait: false), clock);

        Assert.That((waits, outcome.CountOf(TrialState.Pending)), Is.EqualTo((5, 1)));
    }

    [Test]
    public void Run_ComesBack_WhenAnotherProcessStillWorksInTheTrialsFolder()
    {
        var attempts = 0;
        var process = new ScriptedProcess((trial, _) => Task.FromResult(IsTrial(trial, 1) && ++attempts < 3 ? 76 : ScriptedProcess.End(trial, TrialState.Completed)));

        var outcome = Run(process);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(process.Started, Is.EqualTo(new[] { "0000-t", "0001-t", "0002-t", "0003-t", "0001-t", "0001-t" }));
            Assert.That((outcome.CountOf(TrialState.Completed), outcome.CountOf(TrialState.Failed), outcome.StartedCount), Is.EqualTo((4, 0, 4)));
            Assert.That(_events.Where(line => line.Trial == 1).Select(line => (line.Event, line.Generation)), Is.EqualTo(new[]
            {
                (SweepEventKind.Claimed, 1), (SweepEventKind.Running, 1), (SweepEventKind.Ended, 1),
            }));
        }
    }

    [Test]
    public void Run_ReleasesATrialItWouldComeBackTo_WhenInterrupted()
    {
        using var source = new CancellationTokenSource();
        var process = new ScriptedProcess(async (trial, _) =>
        {
            if (IsTrial(trial, 1)) await source.CancelAsync();
            return 76;
        });

        var outcome = Run(process, cancellation: source.Token);

        Assert.That((outcome.IsInterrupted, outcome.IsStopped, Sweep.Claims.IsReleased(0, 1), Sweep.Claims.IsReleased(1, 1)), Is.EqualTo((true, false, true, true)));
    }

    [Test]
    public void Run_RecordsNothing_WhenATrialWasTakenOver()
    {
        var other = Worker(LocalHost.Id);
        var process = new ScriptedProcess((trial, _) =>
        {
            if (IsTrial(trial, 1)) Sweep.Claims.TryClaim(1, 2, other.Worker);
            return Task.FromResult(IsTrial(trial, 1) ? 137 : ScriptedProcess.End(trial, TrialState.Completed));
        });

        var outcome = Run(process, new SweepWorkerOptions(Wait: false));

        using (Assert.EnterMultipleScope())
        {
            Assert.That((outcome.CountOf(TrialState.Pending), outcome.CountOf(TrialState.Completed), outcome.CountOf(TrialState.Failed)), Is.EqualTo((1, 3, 0)));
            Assert.That(_events.Where(line => line.Trial == 1).Select(line => (line.Event, line.State, line.ExitCode)), Is.EqualTo(new (SweepEventKind, TrialState?, int?)[]
            {
                (SweepEventKind.Claimed, null, null), (SweepEventKind.Running, null, null), (SweepEventKind.Lost, null, 137),
            }));
            Assert.That((Sweep.Claims.IsReleased(1, 1), Sweep.Claims.IsReleased(1, 2)), Is.EqualTo((false, false)));
        }
    }

    [Test]
    public void Run_WritesDownHowATrialOfADeadWorkerHadEnded()
    {
        var dead = Worker(LocalHost.Id);
        Sweep.Claims.TryClaim(1, 1, dead.Worker);
        End(1, TrialState.Diverged);
        dead.Dispose();
        var process = ScriptedProcess.Completing();

        var outcome = Run(process);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(process.Started, Has.None.EqualTo("0001-t"));
            Assert.That(outcome.StartedCount, Is.EqualTo(3));
            Assert.That(_events.Where(line => line.Trial == 1).Select(line => (line.Event, line.Generation, line.State)), Is.EqualTo(new (SweepEventKind, int, TrialState?)[]
            {
                (SweepEventKind.Claimed, 2, null), (SweepEventKind.Ended, 2, TrialState.Diverged),
            }));
            Assert.That(Sweep.Claims.IsReleased(1, 2), Is.True);
        }
    }

    [TestCase(TrialState.Diverged, 1, 1)]
    [TestCase(TrialState.Failed, 1, 2)]
    [TestCase(TrialState.Diverged, 3, 2)]
    public void Run_WritesAnEndDownOnce(TrialState written, int writtenTrial, int ends)
    {
        var dead = Worker(LocalHost.Id);
        Sweep.Claims.TryClaim(1, 1, dead.Worker);
        End(1, TrialState.Diverged);
        Directory.CreateDirectory(Sweep.JournalFolder);
        using (var journal = new JsonLinesWriter(Sweep.JournalFile(dead.Worker)))
        {
            journal.Write(new SweepEvent(DateTimeOffset.UnixEpoch, SweepEventKind.Running, 1, 1, "trial 1", TrialState.Diverged));
            journal.Write(new SweepEvent(DateTimeOffset.UnixEpoch, SweepEventKind.Ended, writtenTrial, 1, "trial 1", written, 1, 1));
        }
        dead.Dispose();

        Run(ScriptedProcess.Completing());

        Assert.That(_events.Count(line => line is { Trial: 1, Event: SweepEventKind.Ended }) + 1, Is.EqualTo(ends));
    }

    [Test]
    public void Run_StartsNothing_WhenTheSweepIsStopped()
    {
        Sweep.Claims.IsStopped = true;
        var process = ScriptedProcess.Completing();

        var outcome = Run(process);

        Assert.That((process.Started.Count, outcome.IsStopped, outcome.IsInterrupted, outcome.StartedCount), Is.EqualTo((0, true, true, 0)));
    }

    [Test]
    public void Run_IsNotInterrupted_WhenAllHadEndedBeforeTheStop()
    {
        for (var trial = 0; trial < 4; trial++) End(trial, TrialState.Completed);
        Sweep.Claims.IsStopped = true;

        var outcome = Run(ScriptedProcess.Completing());

        Assert.That((outcome.IsStopped, outcome.IsInterrupted), Is.EqualTo((false, false)));
    }

    [Test]
    public void Run_EndsItsTrials_WhenTheSweepIsStoppedMeanwhile()
    {
        var process = new ScriptedProcess(async (trial, end) =>
        {
            Sweep.Claims.IsStopped = true;
            var asked = new TaskCompletionSource();
            await using var registration = end.Register(asked.SetResult);
            await asked.Task.WaitAsync(TimeSpan.FromSeconds(30));
            return ScriptedProcess.End(trial, TrialState.Interrupted);
        });

        var outcome = Run(process, clock: TimeProvider.System);

        Assert.That((outcome.IsStopped, outcome.IsInterrupted, outcome.CountOf(TrialState.Interrupted), Sweep.Claims.IsReleased(0, 1)), Is.EqualTo((true, true, 1, true)));
    }

    [Test]
    public void Run_DoesNotRepeatATrialThatWasInterruptedFromOutside()
    {
        var process = new ScriptedProcess((trial, _) => Task.FromResult(ScriptedProcess.End(trial, IsTrial(trial, 1) ? TrialState.Interrupted : TrialState.Completed)));

        var outcome = Run(process);

        Assert.That((process.Started.Count, outcome.IsInterrupted, Sweep.Claims.IsReleased(1, 1)), Is.EqualTo((4, true, true)));
    }

    [Test]
    public void Run_PassesOverATrialWhoseRecordIsDamaged_UntilItIsRetried()
    {
        File.WriteAllText(Trial(0).StatusFile, "{");
        File.WriteAllText(Trial(1).SummaryFile, "");
        var (first, second) = (ScriptedProcess.Completing(), ScriptedProcess.Completing());

        var outcome = Run(first);
        var reset = RepeatedTrials.Reset(Sweep, new TrialChoice([], [TrialState.Failed]).Of(Sweep, Plan), new ManualClock());
        Run(second);

        Assert.That((first.Started.Count, outcome.CountOf(TrialState.Failed), reset.Due.Count, second.Started), Is.EqualTo((2, 2, 2, new[] { "0000-t", "0001-t" })));
    }

    [Test]
    public void Run_SaysThatMemoryWasTheCause()
    {
        var process = new ScriptedProcess((_, _) => Task.FromResult(137)) { IsOutOfMemory = true };

        Run(process, new SweepWorkerOptions(MaxTrials: 1));

        Assert.That(Trial(0).ReadStatus()!.Reason, Does.StartWith("oom"));
    }

    [Test]
    public void Run_ThrowsAndKillsTheTrial_WhenItsLeaseIsLost()
    {
        var process = new StubbornProcess(() => File.Delete(Directory.GetFiles(Sweep.Claims.WorkersFolder, "*.json").Single()));

        Assert.That(() => Run(process, new SweepWorkerOptions(LeaseSeconds: 1), TimeProvider.System), Throws.TypeOf<IOException>().With.Message.Contains("could not be written for"));
        Assert.That((process.WasAsked, process.WasKilled, Trial(0).ReadState()), Is.EqualTo((true, true, TrialState.Pending)));
    }

    private SweepOutcome Run(ITrialProcess process, SweepWorkerOptions? options = null, TimeProvider? clock = null, CancellationToken cancellation = default) =>
        new SweepWorker(Sweep, new WorkerTools(process, clock ?? new ManualClock(), Some.Registries, _events.Add, _waits.Add))
            .RunAsync(options ?? new SweepWorkerOptions(), cancellation).GetAwaiter().GetResult();

    /// <summary>Does not end when it is asked to.</summary>
    private sealed class StubbornProcess(Action begin) : ITrialProcess
    {
        public bool WasAsked { get; private set; }

        public bool WasKilled { get; private set; }

        public async Task<TrialExit> RunAsync(TrialLaunch launch, CancellationToken end, CancellationToken kill)
        {
            begin();
            var killed = new TaskCompletionSource();
            await using var registration = kill.Register(killed.SetResult);
            await killed.Task.WaitAsync(TimeSpan.FromSeconds(30), CancellationToken.None);
            (WasAsked, WasKilled) = (end.IsCancellationRequested, true);
            return new TrialExit(137, []);
        }
    }
}
