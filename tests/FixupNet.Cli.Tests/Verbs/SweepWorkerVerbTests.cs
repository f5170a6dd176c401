using System.Text.Json.Nodes;
using FixupNet.Runs;
using FixupNet.Runs.Claims;
using FixupNet.Runs.Records;

namespace FixupNet.Cli.Tests.Verbs;

/// <summary>The commands around several workers of one sweep.</summary>
internal sealed class SweepWorkerVerbTests : CliTests
{
    [Test]
    public void Status_NamesTheWorkersOfTrials_AndWhetherTheyLive()
    {
        RunSweep(new EndingProcess(TrialState.Completed, 0), "--max-trials", "1");
        var claims = new SweepDirectory(SweepFolder).Claims;
        using var living = WorkerPresence.Announce(claims, TimeSpan.FromSeconds(30), LocalHost.Id);
        using var distant = WorkerPresence.Announce(claims, TimeSpan.FromSeconds(30), "elsewhere");
        var dead = WorkerPresence.Announce(claims, TimeSpan.FromSeconds(30), LocalHost.Id);
        dead.Dispose();
        foreach (var (index, worker) in new[] { living, distant, dead }.Index()) claims.TryClaim(index + 1, 1, worker.Worker);

        var text = Run("sweep", "status", SweepFolder);
        var json = JsonNode.Parse(Run("sweep", "status", SweepFolder, "--json").Output)!.AsArray();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(text.Output, Does.Match($@" {living.Worker}\n").And.Contain($"{distant.Worker} (on another host)").And.Contain($"{dead.Worker} (dead)"));
            Assert.That(json.Select(trial => (string?)trial!["worker"]), Is.EqualTo(new[] { null, living.Worker, distant.Worker, dead.Worker }));
            Assert.That(json.Select(trial => (string?)trial!["workerLife"]), Is.EqualTo(new[] { null, "alive", "unknown", "dead" }));
        }
    }

    [Test]
    public void Status_TellsWhichRecordIsDamaged()
    {
        RunSweep(new EndingProcess(TrialState.Completed, 0), "--max-trials", "1");
        var sweep = new SweepDirectory(SweepFolder);
        var file = sweep.Trial(sweep.ReadPlan()[1]).StatusFile;
        File.WriteAllText(file, "{");

        var result = Run("sweep", "status", SweepFolder);

        Assert.That((result.ExitCode, result.Output.Contains($"{file}: not a TrialStatus"), result.Output.EndsWith("2 pending, 1 completed, 1 failed\n")), Is.EqualTo((0, true, true)), result.Output);
    }

    [Test]
    public void Worker_WorksOnTheSweep()
    {
        RunSweep(new EndingProcess(TrialState.Completed, 0), "--max-trials", "1");
        var process = new EndingProcess(TrialState.Completed, 0);

        var result = RunWith(process, "sweep", "worker", SweepFolder, "--threads", "3", "--max-trials", "2", "--lease-seconds", "7", "--no-wait");

        using (Assert.EnterMultipleScope())
        {
            Assert.That((result.ExitCode, process.StartedCount, process.LastThreads), Is.EqualTo((0, 2, 3)), result.Error);
            Assert.That(new SweepDirectory(SweepFolder).Claims.ReadOwner(1, 1)!.LeaseSeconds, Is.EqualTo(7));
            Assert.That(result.ErrorLines[^1], Is.EqualTo("1 pending, 3 completed"));
        }
    }

    [Test]
    public void Worker_Gives3_WhenTrialsFailed()
    {
        RunSweep(new EndingProcess(TrialState.Completed, 0), "--max-trials", "1");

        var result = RunWith(new EndingProcess(TrialState.Failed, 1), "sweep", "worker", SweepFolder, "--fail-fast");

        Assert.That((result.ExitCode, result.ErrorLines[^1].StartsWith("2 pending, 1 completed, 1 failed; to try")), Is.EqualTo((3, true)), result.Error);
    }

    [Test]
    public void Stop_KeepsWorkersAway_UntilTheSweepIsRunAgain()
    {
        RunSweep(new EndingProcess(TrialState.Completed, 0), "--max-trials", "1");

        var stop = Run("sweep", "stop", SweepFolder);
        var worker = Run("sweep", "worker", SweepFolder);
        var run = RunSweep(new EndingProcess(TrialState.Completed, 0));

        using (Assert.EnterMultipleScope())
        {
            Assert.That((stop.ExitCode, stop.Output), Is.EqualTo((0, $"All workers are asked to end. To go on: fixupnet sweep run {SweepFolder}\n")));
            Assert.That((worker.ExitCode, worker.ErrorLines[^1]), Is.EqualTo((0, $"3 pending, 1 completed; the sweep is stopped, to go on: fixupnet sweep run {SweepFolder}")));
            Assert.That(run.ExitCode, Is.Zero, run.Error);
        }
    }

    [Test]
    public void Run_Gives76_AndTellsHowToHelp_WhileAnotherProcessDrivesTheSweep()
    {
        RunSweep(new EndingProcess(TrialState.Completed, 0), "--max-trials", "1");
        using var other = new SweepDirectory(SweepFolder).Acquire();

        var (byFolder, byDocument) = (Run("sweep", "run", SweepFolder), RunSweep(new EndingProcess(TrialState.Completed, 0)));

        var expected = (76, $"fixupnet: {SweepFolder} is in use by another process; to help it, run \"fixupnet sweep worker {SweepFolder}\".");
        Assert.That(((byFolder.ExitCode, byFolder.ErrorLines[^1]), (byDocument.ExitCode, byDocument.ErrorLines[^1])), Is.EqualTo((expected, expected)));
    }

    [Test]
    public void Retry_Gives76_WhileAWorkerHoldsTheTrial()
    {
        RunSweep(new EndingProcess(TrialState.Failed, 1), "--fail-fast");
        var claims = new SweepDirectory(SweepFolder).Claims;
        using var worker = WorkerPresence.Announce(claims, TimeSpan.FromSeconds(30), LocalHost.Id);
        claims.TryClaim(0, 2, worker.Worker);

        var result = Run("sweep", "retry", SweepFolder);

        Assert.That((result.ExitCode, result.Output, result.Error.Contains("1 trial held by a worker")), Is.EqualTo((76, "", true)));
    }

    [Test]
    public void Retry_SaysSo_WhenNoTrialHasFailed()
    {
        RunSweep(new EndingProcess(TrialState.Completed, 0));

        Assert.That(Run("sweep", "retry", SweepFolder).Output, Is.EqualTo("No trial has failed.\n"));
    }
}
