using FixupNet.Experiments.Sweeps;
using FixupNet.Runs.Claims;
using FixupNet.Runs.Records;

namespace FixupNet.Experiments.Tests.Sweeps;

internal sealed class LeaseKeeperTests : FourTrials
{
    private ManualClock _clock = null!;
    private WorkerPresence _worker = null!;
    private LeaseKeeper _keeper = null!;

    [SetUp]
    public void CreateKeeper()
    {
        (_clock, _worker) = (new ManualClock(), Worker());
        _keeper = new LeaseKeeper(Sweep.Claims, _worker, Lease, _clock);
    }

    [TearDown]
    public async Task DisposeKeeper() => await _keeper.DisposeAsync();

    private string File => Sweep.Claims.WorkerFile(_worker.Worker);

    private long Beats => Sweep.Claims.ReadWorker(_worker.Worker)!.Beat - WorkerRecord.FirstBeat;

    [Test]
    public void Look_BeatsSixTimesALease()
    {
        var beats = new List<long>();
        for (var second = 0; second < 11; second++)
        {
            _keeper.Look();
            beats.Add(Beats);
            _clock.Advance(1);
        }

        Assert.That(beats, Is.EqualTo(new[] { 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 2 }));
    }

    [Test]
    public void Look_EndsTrials_WhenTheSweepIsStopped()
    {
        _keeper.Look();
        var before = (_keeper.IsStopped, _keeper.End.IsCancellationRequested);
        Sweep.Claims.IsStopped = true;

        _keeper.Look();

        Assert.That((before, _keeper.IsStopped, _keeper.End.IsCancellationRequested, _keeper.Failure), Is.EqualTo(((false, false), true, true, (IOException?)null)));
    }

    [Test]
    public void Look_LosesTheTrialThatAnotherWorkerTookOver()
    {
        var (taken, own, dropped) = (Hold(0), Hold(1), Hold(2));
        _keeper.Drop(dropped);
        Sweep.Claims.TryClaim(0, 2, _worker.Worker);
        Sweep.Claims.TryClaim(2, 2, _worker.Worker);

        _keeper.Look();

        Assert.That(new[] { taken, own, dropped }.Select(claim => claim.Lost.IsCancellationRequested), Is.EqualTo(new[] { true, false, false }));
        Assert.That(_keeper.End.IsCancellationRequested, Is.False);
    }

    [Test]
    public void Watch_AsksTrialsToEnd_AndThenMakesThem_WhenTheLeaseCannotBeRenewed()
    {
        var claim = Hold(0);
        System.IO.File.Delete(File);
        var states = new List<(bool, bool)>();
        for (var second = 1; second <= 28; second++)
        {
            _clock.Advance(1);
            _keeper.Look();
            _keeper.Watch();
            states.Add((_keeper.End.IsCancellationRequested, claim.Lost.IsCancellationRequested));
        }

        // At 0.6 and 0.9 of 30 s.
        Assert.That((states.FindIndex(state => state.Item1) + 1, states.FindIndex(state => state.Item2) + 1), Is.EqualTo((18, 27)));
        Assert.That(_keeper.Failure!.Message, Does.StartWith($"{File} could not be written for 18 s").And.Contain("Could not find file"));
        Assert.That(_keeper.Failure.InnerException, Is.InstanceOf<FileNotFoundException>());
    }

    [Test]
    public void Watch_Forgives_WhenABeatSucceedsInTime()
    {
        var content = System.IO.File.ReadAllBytes(File);
        System.IO.File.Delete(File);
        Pass(17);
        System.IO.File.WriteAllBytes(File, content);
        Pass(1);
        System.IO.File.Delete(File);
        Pass(17);
        System.IO.File.WriteAllBytes(File, content);
        Pass(1);

        Assert.That((_keeper.Failure, _keeper.End.IsCancellationRequested), Is.EqualTo(((IOException?)null, false)));
    }

    // A network file system whose server is gone: a call does not return, and nothing is known of why.
    [Test]
    public void Watch_NeedsNoFile()
    {
        for (var second = 0; second < 9; second++)
        {
            _clock.Advance(2);
            _keeper.Watch();
        }

        Assert.That(_keeper.Failure!.Message, Does.Contain("for 18 s").And.EndsWith("the file system does not answer."));
    }

    [Test]
    public void Watch_DoesNotTakeAPauseOfTheProcessForAFailure()
    {
        for (var pause = 0; pause < 8; pause++)
        {
            _clock.Advance(1000);
            _keeper.Watch();
        }
        var before = _keeper.Failure;
        _clock.Advance(1000);
        _keeper.Watch();

        Assert.That((before, _keeper.Failure is null), Is.EqualTo(((IOException?)null, false)));
    }

    [Test]
    public void Look_GoesOn_WhenClaimsCannotBeRead()
    {
        System.IO.File.Delete(File);
        _clock.Advance(6);
        Assert.That(_keeper.Look, Throws.Nothing);
    }

    [Test]
    public async Task Loops_LookByThemselves()
    {
        Sweep.Claims.IsStopped = true;
        await using var keeper = new LeaseKeeper(Sweep.Claims, Worker(), TimeSpan.FromSeconds(1), TimeProvider.System);
        var ended = new TaskCompletionSource();
        keeper.End.Register(ended.SetResult);

        await ended.Task.WaitAsync(TimeSpan.FromSeconds(30));

        Assert.That(keeper.IsStopped, Is.True);
    }

    private void Pass(int seconds)
    {
        for (var second = 0; second < seconds; second++)
        {
            _clock.Advance(1);
            _keeper.Look();
            _keeper.Watch();
        }
    }

    private HeldClaim Hold(int trial)
    {
        Sweep.Claims.TryClaim(trial, 1, _worker.Worker);
        var claim = new HeldClaim(Plan[trial], 1);
        _keeper.Hold(claim);
        return claim;
    }
}
