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
        var states = new List<(double, bool, bool)>();
        foreach (var second in (double[])[17.9, 18.1, 26.9, 27.1])
        {
            _clock.Advance(second - _clock.GetTimestamp() / 1e7);
            _keeper.Look();
            _keeper.Watch();
            states.Add((second, _keeper.End.IsCancellationRequested, claim.Lost.IsCancellationRequested));
        }

        Assert.That(states, Is.EqualTo(new[] { (17.9, false, false), (18.1, true, false), (26.9, true, false), (27.1, true, true) }));
        Assert.That(_keeper.Failure!.Message, Does.StartWith($"{File} could not be written for 18 s").And.Contain("Could not find file"));
        Assert.That(_keeper.Failure.InnerException, Is.InstanceOf<FileNotFoundException>());
    }

    [Test]
    public void Watch_Forgives_WhenABeatSucceedsInTime()
    {
        var content = System.IO.File.ReadAllBytes(File);
        System.IO.File.Delete(File);
        _clock.Advance(17);
        _keeper.Look();
        System.IO.File.WriteAllBytes(File, content);
        _keeper.Look();
        _clock.Advance(17);

        _keeper.Watch();

        Assert.That((_keeper.Failure, _keeper.End.IsCancellationRequested, Beats), Is.EqualTo(((IOException?)null, false, 2)));
    }

    // A network file system whose server is gone: a call does not return, and nothing is known of why.
    [Test]
    public void Watch_NeedsNoFile()
    {
        _clock.Advance(20);

        _keeper.Watch();

        Assert.That(_keeper.Failure!.Message, Does.Contain("for 20 s").And.EndsWith("the file system does not answer."));
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

    private HeldClaim Hold(int trial)
    {
        Sweep.Claims.TryClaim(trial, 1, _worker.Worker);
        var claim = new HeldClaim(Plan[trial], 1);
        _keeper.Hold(claim);
        return claim;
    }
}
