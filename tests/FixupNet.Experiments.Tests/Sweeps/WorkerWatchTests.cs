using FixupNet.Experiments.Sweeps;
using FixupNet.Runs;
using FixupNet.Runs.Claims;

namespace FixupNet.Experiments.Tests.Sweeps;

internal sealed class WorkerWatchTests : FourTrials
{
    private readonly ManualClock _clock = new();
    private WorkerWatch _watch = null!;

    [SetUp]
    public void CreateWatch() => _watch = new WorkerWatch(Sweep.Claims, Here, _clock, Lease);

    [Test]
    public void Judge_SeesDeathAtOnce_OnTheSameHost()
    {
        var worker = Claimant(Here);
        var before = Judge();

        worker.Dispose();

        Assert.That((before, Judge()), Is.EqualTo((WorkerLife.Alive, WorkerLife.Dead)));
    }

    [Test]
    public void Judge_SeesDeathAtOnce_WhenTheLockIsGone()
    {
        var worker = Claimant(Here);
        worker.Leave();

        Assert.That(Judge(), Is.EqualTo(WorkerLife.Dead));
    }

    [Test]
    public void Judge_LeavesADeadWorkersTrialTheTimeToSave_ButNotForever()
    {
        Claimant(Here).Dispose();
        using var orphan = RunDirectoryLock.Acquire(Trial(0).Root);

        Assert.That(LivesFor(40), Is.EqualTo((30, WorkerLife.Unknown)));
    }

    [Test]
    public void Judge_SeesDeath_OnceTheOrphanHasSaved()
    {
        Claimant(Here).Dispose();
        var orphan = RunDirectoryLock.Acquire(Trial(0).Root);
        var before = Judge();

        orphan.Dispose();

        Assert.That((before, Judge()), Is.EqualTo((WorkerLife.Unknown, WorkerLife.Dead)));
    }

    [TestCase("there")]
    [TestCase(null)]
    public void Judge_WaitsForTheLease_OnAnotherHost(string? host)
    {
        Claimant(host).Dispose();

        Assert.That(LivesFor(40), Is.EqualTo((30, WorkerLife.Unknown)));
    }

    [Test]
    public void Judge_WaitsForTheLease_WhenItsOwnHostIsUnknown()
    {
        _watch = new WorkerWatch(Sweep.Claims, null, _clock, Lease);
        Claimant(null).Dispose();

        Assert.That(LivesFor(40), Is.EqualTo((30, WorkerLife.Unknown)));
    }

    [TestCase("there")]
    [TestCase(null)]
    public void Judge_GoesByTheLeaseOfTheOwner(string? host)
    {
        Claimant(host, leaseSeconds: 12);

        Assert.That(LivesFor(40).Seconds, Is.EqualTo(12));
    }

    [TestCase("0")]
    [TestCase("-5")]
    [TestCase("1e300")]
    [TestCase("\"NaN\"")]
    public void Judge_GoesByItsOwnLease_WhenTheOwnersIsDamaged(string leaseSeconds)
    {
        var worker = Claimant("there");
        var file = Sweep.Claims.WorkerFile(worker.Worker);
        File.WriteAllText(file, File.ReadAllText(file).Replace("\"leaseSeconds\":30", $"\"leaseSeconds\":{leaseSeconds}"));

        Assert.That(LivesFor(40).Seconds, Is.EqualTo(30));
    }

    [TestCase("")]
    [TestCase("{ broken")]
    public void Judge_WaitsForItsOwnLease_WhenTheClaimIsDamaged(string content)
    {
        Directory.CreateDirectory(Sweep.Claims.Root);
        File.WriteAllText(Sweep.Claims.ClaimFile(0, 1), content);

        Assert.That(LivesFor(40), Is.EqualTo((30, WorkerLife.Unknown)));
    }

    [Test]
    public void Judge_GoesByTheClaim_WhenTheOwnersFileIsGone()
    {
        var worker = Claimant("there", leaseSeconds: 12);
        File.Delete(Sweep.Claims.WorkerFile(worker.Worker));

        Assert.That(LivesFor(40).Seconds, Is.EqualTo(12));
    }

    [Test]
    public void Judge_TakesABeatForASignOfLife()
    {
        var worker = Claimant("there");
        var lives = new List<WorkerLife>();
        for (var beat = 0; beat < 20; beat++)
        {
            lives.Add(Judge());
            worker.Beat();
            _clock.Advance(5);
        }

        Assert.That(lives, Is.EqualTo(Enumerable.Repeat(WorkerLife.Alive, 19).Prepend(WorkerLife.Unknown)));
    }

    // Where a file system has no hard links, a claim tells of its owner as it was then.
    [Test]
    public void Judge_HearsTheOwner_ThoughTheClaimIsACopy()
    {
        var worker = Worker("there");
        File.Copy(Sweep.Claims.WorkerFile(worker.Worker), Sweep.Claims.ClaimFile(0, 1));
        Judge();
        worker.Beat();

        Assert.That(Judge(), Is.EqualTo(WorkerLife.Alive));
    }

    [Test]
    public void Judge_DoubtsAfterHalfALease_AndCountsSilenceFromTheLastBeat()
    {
        var worker = Claimant("there");
        Judge();
        _clock.Advance(1);
        worker.Beat();
        Judge();

        var lives = Enumerable.Range(1, 30).Select(_ => Tick()).ToList();

        Assert.That(lives, Is.EqualTo(Enumerable.Repeat(WorkerLife.Alive, 14).Concat(Enumerable.Repeat(WorkerLife.Unknown, 15)).Append(WorkerLife.Dead)));
    }

    // A stopped process keeps its lock for as long as it is stopped.
    [Test]
    public void Judge_GoesByTheLease_WhenALivingProcessIsSilent()
    {
        Claimant(Here);

        Assert.That(LivesFor(40), Is.EqualTo((30, WorkerLife.Alive)));
    }

    // This process, or the file system that all share, may have stood still.
    [Test]
    public void Judge_DoesNotTakeItsOwnPauseForSilence()
    {
        Claimant("there");
        Judge();
        _clock.Advance(1000);
        var afterPause = Judge();
        _clock.Advance(1000);
        Judge();
        _clock.Advance(1000);
        var afterThree = Judge();
        _clock.Advance(1000);

        Assert.That((afterPause, afterThree, Judge()), Is.EqualTo((WorkerLife.Unknown, WorkerLife.Unknown, WorkerLife.Dead)));
    }

    [Test]
    public void Judge_KeepsWorkersApart()
    {
        Claimant("there");
        Claimant("there", trial: 1);
        LivesFor(20);

        var (second, first) = (_watch.Judge(1, 1, Trial(1).Root), LivesFor(20));

        Assert.That((second, first.Seconds), Is.EqualTo((WorkerLife.Unknown, 10)));
    }

    private WorkerPresence Claimant(string? host, double leaseSeconds = 30, int trial = 0)
    {
        var worker = Worker(host, leaseSeconds);
        Sweep.Claims.TryClaim(trial, 1, worker.Worker);
        return worker;
    }

    private WorkerLife Judge() => _watch.Judge(0, 1, Trial(0).Root);

    private WorkerLife Tick()
    {
        _clock.Advance(1);
        return Judge();
    }

    // Looked at every second: for how long the owner is not taken for dead, and for what at first.
    private (int Seconds, WorkerLife AtFirst) LivesFor(int seconds)
    {
        var first = Judge();
        var lived = first == WorkerLife.Dead ? 0 : 1 + Enumerable.Range(0, seconds).TakeWhile(_ => Tick() != WorkerLife.Dead).Count();
        return (lived, first);
    }
}
