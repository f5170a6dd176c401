using FixupNet.Experiments.Sweeps;
using FixupNet.Runs.Records;

namespace FixupNet.Experiments.Tests.Sweeps;

internal sealed class RepeatedTrialsTests : FourTrials
{
    private readonly ManualClock _clock = new();

    [Test]
    public void Reset_MakesFailedTrialsDue()
    {
        Fail(1);
        Fail(3);

        var counts = Reset();

        Assert.That((counts.Due.Count, counts.HeldCount, Trial(1).ReadState(), Trial(3).ReadState()), Is.EqualTo((2, 0, TrialState.Pending, TrialState.Pending)));
        Assert.That(Sweep.Claims.IsReleased(1, 1) && Sweep.Claims.IsReleased(3, 1));
        Assert.That(Directory.GetFiles(Sweep.Claims.WorkersFolder), Is.Empty);
    }

    [Test]
    public void Reset_RemovesTheSummaryToo()
    {
        Trial(1).WriteSummary(new TrialSummary(TrialState.Failed, 1, 1, 1));

        Reset();

        Assert.That(Trial(1).IsEnded, Is.False);
    }

    [Test]
    public void Reset_LeavesOtherTrialsAlone()
    {
        End(0, TrialState.Completed);

        Assert.That((Reset().Due.Count, Trial(0).ReadState(), Directory.Exists(Sweep.Claims.Root)), Is.EqualTo((0, TrialState.Completed, false)));
    }

    [TestCase("here")]
    [TestCase("there")]
    public void Reset_LeavesTrialsAlone_ThatAWorkerHoldsWhichMayLive(string host)
    {
        Fail(1);
        Fail(2);
        Sweep.Claims.TryClaim(1, 1, Worker(host).Worker);

        var counts = Reset();

        Assert.That((counts.Due.Count, counts.HeldCount, Trial(1).ReadState(), Trial(2).ReadState()), Is.EqualTo((1, 1, TrialState.Failed, TrialState.Pending)));
    }

    [Test]
    public void Reset_TakesThemFromTheDead()
    {
        var dead = Worker(Runs.Claims.LocalHost.Id);
        Fail(1);
        Sweep.Claims.TryClaim(1, 1, dead.Worker);
        dead.Dispose();

        Assert.That(Reset().Due, Has.Count.EqualTo(1));
    }

    [TestCase(TrialState.Completed)]
    [TestCase(TrialState.Diverged)]
    [TestCase(TrialState.Interrupted)]
    public void Reset_BeginsATrialAnew_AndKeepsWhatItLeft(TrialState state)
    {
        End(2, state);
        File.WriteAllText(Trial(2).MetricsFile, "old");

        RepeatedTrials.Reset(Sweep, [Plan[2]], _clock);
        End(2, state);
        File.WriteAllText(Trial(2).MetricsFile, "newer");
        var counts = RepeatedTrials.Reset(Sweep, [Plan[2]], _clock);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((counts.Due.Count, counts.KeptCount, Trial(2).ReadState()), Is.EqualTo((1, 1, TrialState.Pending)));
            Assert.That(Directory.GetFiles(Trial(2).Root).Select(Path.GetFileName), Is.EqualTo(new[] { "config.json" }));
            Assert.That(File.ReadAllText(Path.Combine(Sweep.ReplacedFolder, "0002-t.1", "metrics.jsonl")), Is.EqualTo("old"));
            Assert.That(File.ReadAllText(Path.Combine(Sweep.ReplacedFolder, "0002-t.2", "metrics.jsonl")), Is.EqualTo("newer"));
        }
    }

    private RepeatedTrialCounts Reset() => RepeatedTrials.Reset(Sweep, new TrialChoice([], [TrialState.Failed]).Of(Sweep, Plan), _clock);

    private void Fail(int index) => Trial(index).WriteStatus(new TrialStatus(TrialState.Failed, 1, 1, DateTimeOffset.UnixEpoch, "broken"));
}
