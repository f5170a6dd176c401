using FixupNet.Experiments.Sweeps;
using FixupNet.Runs;
using FixupNet.Runs.Records;

namespace FixupNet.Experiments.Tests.Sweeps;

internal sealed class TrialQueueTests : FourTrials
{
    private readonly ManualClock _clock = new();

    [Test]
    public void Take_GoesThroughThePlan()
    {
        var queue = Queue(Worker(), _clock);

        Assert.That((Take(queue), Take(queue), Take(queue), Take(queue), Take(queue), queue.IsEmpty), Is.EqualTo(((0, 1), (1, 1), (2, 1), (3, 1), ((int, int)?)null, true)));
    }

    [Test]
    public void Take_PassesOverWhatHasEnded_AndClaimsNothing()
    {
        TrialState[] states = [TrialState.Completed, TrialState.Diverged, TrialState.Failed, TrialState.Stopped];
        foreach (var (index, state) in states.Index()) Trial(index).WriteStatus(new TrialStatus(state, 1, 1, DateTimeOffset.UnixEpoch));
        // Without a result it would be due: a limit on a command line has stopped it.
        Trial(3).WriteSummary(new TrialSummary(TrialState.Stopped, 1, 1, 1));
        var queue = Queue(Worker(), _clock);

        Assert.That((Take(queue), queue.IsEmpty, queue.IsInGoodHands), Is.EqualTo((((int, int)?)null, true, true)));
        Assert.That(Sweep.Claims.ListGenerations(), Is.Empty);
    }

    [TestCase(TrialState.Pending)]
    [TestCase(TrialState.Running)]
    [TestCase(TrialState.Interrupted)]
    [TestCase(TrialState.Stopped)]
    public void Take_TakesWhatWasLeft(TrialState state)
    {
        Trial(0).WriteStatus(new TrialStatus(state, 1, 1, DateTimeOffset.UnixEpoch));

        Assert.That(Take(Queue(Worker(), _clock)), Is.EqualTo((0, 1)));
    }

    [Test]
    public void Take_LeavesAloneWhatALivingWorkerHolds()
    {
        var (one, two) = (Queue(Worker(), _clock), Queue(Worker(), _clock));

        Assert.That((Take(one), Take(two), Take(one), Take(two), Take(one)), Is.EqualTo(((0, 1), (1, 1), (2, 1), (3, 1), ((int, int)?)null)));
        Assert.That((one.IsEmpty, one.WaitingCount, one.IsInGoodHands), Is.EqualTo((false, 2, true)));
    }

    [Test]
    public void IsInGoodHands_IsFalse_BeforeItIsKnown()
    {
        var other = Worker("there");
        Sweep.Claims.TryClaim(0, 1, other.Worker);
        var queue = Queue(Worker(), _clock);
        var before = queue.IsInGoodHands;
        while (Take(queue) is not null)
        {
        }
        var afterLook = queue.IsInGoodHands;
        other.Beat();
        Take(queue);

        Assert.That((before, afterLook, queue.IsInGoodHands), Is.EqualTo((false, false, true)));
    }

    [Test]
    public void Take_TakesOverFromTheDead_AtOnce_OnTheSameHost()
    {
        var dead = Worker();
        var deadQueue = Queue(dead, _clock);
        Take(deadQueue);
        dead.Dispose();

        Assert.That(Take(Queue(Worker(), _clock)), Is.EqualTo((0, 2)));
        Assert.That(Sweep.Claims.ReadOwner(0, 1)!.Worker, Is.EqualTo(dead.Worker));
    }

    [Test]
    public void Take_TakesOverFromTheSilent_AfterTheirLease()
    {
        Sweep.Claims.TryClaim(0, 1, Worker("there").Worker);
        var queue = Queue(Worker(), _clock);
        while (Take(queue) is not null)
        {
        }

        var takes = Enumerable.Range(0, 31).Select(_ =>
        {
            _clock.Advance(1);
            return Take(queue);
        }).ToList();

        Assert.That(takes.Index().Where(take => take.Item is not null), Is.EqualTo(new[] { (29, ((int, int)?)(0, 2)) }));
        Assert.That(queue.IsEmpty, Is.True);
    }

    [Test]
    public void Take_TakesOverAnEndedTrialOfTheDead()
    {
        var dead = Worker();
        Take(Queue(dead, _clock));
        End(0, TrialState.Completed);
        dead.Dispose();

        Assert.That(Take(Queue(Worker(), _clock)), Is.EqualTo((0, 2)));
    }

    [Test]
    public void Take_TakesWhatWasReleased()
    {
        var (one, two) = (Queue(Worker(), _clock), Queue(Worker(), _clock));
        var claim = one.Take()!;
        while (Take(two) is not null)
        {
        }

        one.Release(claim);

        Assert.That((Take(two), two.IsEmpty), Is.EqualTo(((0, 2), true)));
    }

    [Test]
    public void Take_ForgetsWhatWasReleasedAtItsEnd()
    {
        var (one, two) = (Queue(Worker(), _clock), Queue(Worker(), _clock));
        var claim = one.Take()!;
        while (Take(two) is not null)
        {
        }

        End(0, TrialState.Completed);
        one.Release(claim);

        Assert.That((Take(two), two.IsEmpty, Sweep.Claims.Exists(0, 2)), Is.EqualTo((((int, int)?)null, true, false)));
    }

    [Test]
    public void Take_GoesOnFromTheHighestGeneration()
    {
        var dead = Worker();
        // The second one was lost, with a disk for example.
        foreach (var generation in (int[])[1, 3, 4]) Sweep.Claims.TryClaim(0, generation, dead.Worker);
        dead.Dispose();

        Assert.That(Take(Queue(Worker(), _clock)), Is.EqualTo((0, 5)));
    }

    [Test]
    public void Take_SeesTheNextOwner_WhenATrialIsTakenOverMeanwhile()
    {
        var (one, two) = (Worker(), Worker());
        Sweep.Claims.TryClaim(0, 1, one.Worker);
        var queue = Queue(Worker(), _clock);
        while (Take(queue) is not null)
        {
        }
        Sweep.Claims.TryClaim(0, 2, two.Worker);
        one.Dispose();
        var held = Take(queue);

        two.Dispose();

        Assert.That((held, Take(queue)), Is.EqualTo((((int, int)?)null, (0, 3))));
    }

    [Test]
    public void Take_TakesOverADamagedClaim_AfterTheLease()
    {
        Directory.CreateDirectory(Sweep.Claims.Root);
        File.WriteAllText(Sweep.Claims.ClaimFile(2, 1), "");
        var queue = Queue(Worker(), _clock);
        while (Take(queue) is not null)
        {
        }
        for (var second = 0; second < 29; second++)
        {
            _clock.Advance(1);
            Take(queue);
        }
        _clock.Advance(1);

        Assert.That(Take(queue), Is.EqualTo((2, 2)));
    }

    [Test]
    public void Take_ReturnsToADelayedTrial_UnderTheSameClaim()
    {
        var queue = Queue(Worker(), _clock);
        queue.Delay(queue.Take()!);
        var takes = new List<(int, int)?> { Take(queue), Take(queue), Take(queue), Take(queue) };
        var isEmpty = queue.IsEmpty;
        _clock.Advance(1.9);
        takes.Add(Take(queue));
        _clock.Advance(0.1);
        takes.Add(Take(queue));

        Assert.That(takes, Is.EqualTo(new (int, int)?[] { (1, 1), (2, 1), (3, 1), null, null, (0, 1) }));
        Assert.That((isEmpty, queue.IsEmpty), Is.EqualTo((false, true)));
    }

    [Test]
    public void Take_LeavesADelayedTrialAlone_WhileItsFolderIsInUse()
    {
        var queue = Queue(Worker(), _clock);
        queue.Delay(queue.Take()!);
        while (Take(queue) is not null)
        {
        }
        var user = RunDirectoryLock.Acquire(Trial(0).Root);
        _clock.Advance(2);
        var whileUsed = Take(queue);
        user.Dispose();
        _clock.Advance(1);
        var tooEarly = Take(queue);
        _clock.Advance(1);

        Assert.That((whileUsed, tooEarly, Take(queue)), Is.EqualTo((((int, int)?)null, ((int, int)?)null, (0, 1))));
    }

    [Test]
    public void IsInGoodHands_IsFalse_WhileATrialOfItsOwnIsDelayed()
    {
        var queue = Queue(Worker(), _clock);
        var claim = queue.Take()!;
        while (Take(queue) is not null)
        {
        }
        queue.Delay(claim);

        Assert.That(queue.IsInGoodHands, Is.False);
    }

    [Test]
    public void ReleaseDelayed_GivesThemUp()
    {
        var queue = Queue(Worker(), _clock);
        queue.Delay(queue.Take()!);
        queue.Delay(queue.Take()!);

        queue.ReleaseDelayed();

        Assert.That((Sweep.Claims.IsReleased(0, 1), Sweep.Claims.IsReleased(1, 1), Sweep.Claims.IsReleased(2, 1)), Is.EqualTo((true, true, false)));
    }

    [Test]
    public void Lose_WaitsForTheNewOwner()
    {
        var other = Worker();
        var queue = Queue(Worker(), _clock);
        var claim = queue.Take()!;
        while (Take(queue) is not null)
        {
        }
        var before = queue.IsFenced(claim);
        Sweep.Claims.TryClaim(0, 2, other.Worker);

        var after = queue.IsFenced(claim);
        queue.Lose(claim);

        Assert.That((before, after, queue.FenceFile(claim)), Is.EqualTo((false, true, Sweep.Claims.ClaimFile(0, 2))));
        Assert.That((Take(queue), queue.WaitingCount), Is.EqualTo((((int, int)?)null, 1)));
        other.Dispose();
        Assert.That(Take(queue), Is.EqualTo((0, 3)));
    }

    [Test]
    public void TakeEnded_TakesATrial_UnlessAWorkerHoldsIt()
    {
        var holder = Worker();
        End(0, TrialState.Completed);
        Sweep.Claims.TryClaim(1, 1, holder.Worker);
        var queue = Queue(Worker(), _clock);

        Assert.That((queue.TakeEnded(Plan[0])?.Generation, queue.TakeEnded(Plan[1])), Is.EqualTo((1, (HeldClaim?)null)));
    }

    private static (int Trial, int Generation)? Take(TrialQueue queue) => queue.Take() is { } claim ? (claim.Line.Index, claim.Generation) : null;
}
