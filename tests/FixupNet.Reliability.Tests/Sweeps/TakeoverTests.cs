using System.Diagnostics;
using FixupNet.Runs;
using FixupNet.Runs.Claims;
using FixupNet.Runs.Records;

namespace FixupNet.Reliability.Tests.Sweeps;

/// <summary>Promise 12: whoever dies is replaced, and whoever was only taken for dead writes nothing more.</summary>
[Platform("Linux")]
internal sealed class TakeoverTests : SweepTest
{
    // The lease is never over while the test lasts: only the lock tells.
    [Test]
    public void Death_IsNoticedWithoutTheLease_OnTheSameHost()
    {
        var seconds = TakeoverSeconds(leaseSeconds: 86_400, "one", "one");

        Figures.Note(12, FormattableString.Invariant($"takeover from a killed worker on the same host after {seconds:F1} s"));
    }

    // How long that takes is a figure: a busy machine counts silence more slowly. What silence is, the tests of WorkerWatch decide with a clock of their own.
    [TestCase(3)]
    [TestCase(30, Category = "Slow")]
    public void Death_IsNoticedByTheLease_OnAnotherHost(int leaseSeconds)
    {
        var seconds = TakeoverSeconds(leaseSeconds, "one", "two");

        Figures.Note(12, FormattableString.Invariant($"takeover from a killed worker on another host after {seconds:F1} s, with a lease of {leaseSeconds} s"));
    }

    [TestCase(false)]
    [TestCase(true, Category = "Slow")]
    public void Zombie_WritesNothingMore(bool locksAreShared)
    {
        var expected = SerialResults(name => CreateSweep(name, trialCount: 1, epochs: 20));
        var sweep = CreateSweep("zombie", trialCount: 1, epochs: 20);
        var trial = sweep.Trial(sweep.ReadPlan()[0]);
        var zombie = StartOn(sweep, "one", leaseSeconds: 5);
        WaitUntil(() => File.Exists(trial.MetricsFile), "the first line of metrics");
        // A host that stands still, as a virtual machine does while it is moved.
        var stopped = new List<int> { zombie.Id, ChildOf(zombie) };
        stopped.ForEach(id => ProgramRun.Signal("STOP", id));
        if (!locksAreShared) File.Delete(Path.Combine(trial.Root, ".lock"));
        var heir = StartOn(sweep, "two", leaseSeconds: 5);
        WaitUntil(() => sweep.Claims.Exists(0, 2), "the takeover");
        if (!locksAreShared) WaitUntil(() => sweep.Claims.IsReleased(0, 2), "the end of the trial");
        var before = locksAreShared ? [] : Snapshot(trial);

        stopped.ForEach(id => ProgramRun.Signal("CONT", id));
        var (heirEnd, zombieEnd) = (ProgramRun.EndOf(heir), ProgramRun.EndOf(zombie));

        using (Assert.EnterMultipleScope())
        {
            Assert.That((heirEnd.ExitCode, zombieEnd.ExitCode), Is.EqualTo((0, 0)), heirEnd.Error + zombieEnd.Error);
            Assert.That(Journals(sweep).Where(line => line.Event is SweepEventKind.Lost or SweepEventKind.Ended).Select(line => (line.Event, line.Generation, line.State)),
                Is.EquivalentTo(new (SweepEventKind, int, TrialState?)[] { (SweepEventKind.Lost, 1, null), (SweepEventKind.Ended, 2, TrialState.Completed) }));
            Assert.That(ResultsOf(sweep), Is.EqualTo(expected));
            if (!locksAreShared) Assert.That(Snapshot(trial), Is.EqualTo(before));
        }
        Figures.Note(12, $"a worker that stood still beyond its lease {(locksAreShared ? "" : "(without locks across hosts) ")}wrote nothing more; the trial was completed once");
    }

    // As on file systems that take locks without keeping anyone out.
    [Test]
    public void Locks_AreNotTrusted_WhereTheyHaveNoEffect()
    {
        var sweep = CreateSweep("locks", trialCount: 1, epochs: 100_000);
        Start(["sweep", "worker", sweep.Root, "--threads", "1"], new Dictionary<string, string> { ["DOTNET_SYSTEM_IO_DISABLEFILELOCKING"] = "1" });
        WaitUntil(() => sweep.Claims.Exists(0, 1), "the claim");

        Assert.That((sweep.Claims.ReadOwner(0, 1)!.Host, LocalHost.Id is null), Is.EqualTo(((string?)null, false)));
    }

    private double TakeoverSeconds(int leaseSeconds, string host, string otherHost)
    {
        var sweep = CreateSweep("takeover", trialCount: 1, epochs: 100_000);
        var worker = StartOn(sweep, host, leaseSeconds);
        WaitUntil(() => sweep.Claims.Exists(0, 1), "the claim");
        var other = StartOn(sweep, otherHost, leaseSeconds);
        var waiting = other.StandardError.ReadLine() + other.StandardError.ReadLine();
        Assert.That(waiting, Does.Contain("Waiting for 1 trial"));

        worker.Kill();
        var seconds = WaitUntil(() => sweep.Claims.ReadOwner(0, 2) is not null, "the takeover");
        Assert.That((sweep.Claims.ReadOwner(0, 2)!.ProcessId, sweep.Claims.Exists(0, 3)), Is.EqualTo((other.Id, false)));
        return seconds;
    }

    private Process StartOn(SweepDirectory sweep, string host, int leaseSeconds) =>
        Start(["sweep", "worker", sweep.Root, "--threads", "1", "--lease-seconds", $"{leaseSeconds}"], new Dictionary<string, string> { [LocalHost.IdVariable] = host });

    private static IReadOnlyList<string> Snapshot(TrialDirectory trial) =>
        [.. Directory.GetFiles(trial.Root, "*", SearchOption.AllDirectories).Order().Select(file => $"{file} {File.GetLastWriteTimeUtc(file):O} {new FileInfo(file).Length}")];
}
