using FixupNet.Experiments.Sweeps;
using FixupNet.Runs.Records;

namespace FixupNet.Experiments.Tests.Sweeps;

internal sealed class FailedTrialsTests : FourTrials
{
    private readonly ManualClock _clock = new();

    [Test]
    public void Reset_MakesFailedTrialsDue()
    {
        Fail(1);
        Fail(3);

        var counts = FailedTrials.Reset(Sweep, _clock);

        Assert.That((counts, Trial(1).ReadState(), Trial(3).ReadState()), Is.EqualTo(((2, 0), TrialState.Pending, TrialState.Pending)));
        Assert.That(Sweep.Claims.IsReleased(1, 1) && Sweep.Claims.IsReleased(3, 1));
        Assert.That(Directory.GetFiles(Sweep.Claims.WorkersFolder), Is.Empty);
    }

    [Test]
    public void Reset_RemovesTheSummaryToo()
    {
        Trial(1).WriteSummary(new TrialSummary(TrialState.Failed, 1, 1, 1));

        FailedTrials.Reset(Sweep, _clock);

        Assert.That(Trial(1).IsEnded, Is.False);
    }

    [Test]
    public void Reset_LeavesOtherTrialsAlone()
    {
        End(0, TrialState.Completed);

        Assert.That((FailedTrials.Reset(Sweep, _clock), Trial(0).ReadState(), Directory.Exists(Sweep.Claims.Root)), Is.EqualTo(((0, 0), TrialState.Completed, false)));
    }

    [TestCase("here")]
    [TestCase("there")]
    public void Reset_LeavesTrialsAlone_ThatAWorkerHoldsWhichMayLive(string host)
    {
        Fail(1);
        Fail(2);
        Sweep.Claims.TryClaim(1, 1, Worker(host).Worker);

        var counts = FailedTrials.Reset(Sweep, _clock);

        Assert.That((counts, Trial(1).ReadState(), Trial(2).ReadState()), Is.EqualTo(((1, 1), TrialState.Failed, TrialState.Pending)));
    }

    [Test]
    public void Reset_TakesThemFromTheDead()
    {
        var dead = Worker(Runs.Claims.LocalHost.Id);
        Fail(1);
        Sweep.Claims.TryClaim(1, 1, dead.Worker);
        dead.Dispose();

        Assert.That(FailedTrials.Reset(Sweep, _clock), Is.EqualTo((1, 0)));
    }

    private void Fail(int index) => Trial(index).WriteStatus(new TrialStatus(TrialState.Failed, 1, 1, DateTimeOffset.UnixEpoch, "broken"));
}
