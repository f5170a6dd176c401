using System.Text.Json.Nodes;
using FixupNet.Runs;
using FixupNet.Runs.Claims;
using FixupNet.Runs.Records;

namespace FixupNet.Cli.Tests.Verbs;

internal sealed class SweepVerbTests : CliTests
{
    [Test]
    public void Plan_ListsTrialsWithTimeAndMemory_AndWritesNothing()
    {
        var result = Run("sweep", "plan", At("sweep.json"));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.ExitCode, Is.Zero);
            Assert.That(result.Output, Does.Match(@"depth=14-variant=plain-seed=1\s+1\s+[0-9a-f]{8}\s+1\.0 s\s+\d+\.\d MiB\s+16\n")); // 0.5 + 2 · 0.25 + 16 · 0.001 s
            Assert.That(result.Output, Does.Contain("4 trials").And.Contain("About 4.1 s in all, one trial at a time."));
            Assert.That(Directory.GetFileSystemEntries(Folder), Has.Length.EqualTo(2));
        }
    }

    [Test]
    public void Plan_SharesTheTime_BetweenJobs() =>
        Assert.That(Run("sweep", "plan", At("sweep.json"), "--jobs", "2").Output, Does.Contain("About 2.0 s in all, 2 trials at a time."));

    [Test]
    public void Plan_MeasuresNothing_WhenToldSo()
    {
        var text = Run("sweep", "plan", At("sweep.json"), "--no-estimate");
        var json = JsonNode.Parse(Run("sweep", "plan", At("sweep.json"), "--no-estimate", "--json").Output)!;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(text.Output, Does.Contain("depth=14-variant=plain-seed=1").And.Not.Contain("peak memory").And.Not.Contain("About"));
            Assert.That(json["estimatedTotalSeconds"], Is.Null);
        }
    }

    [Test]
    public void Plan_GivesTheEstimatesAsJson()
    {
        var json = JsonNode.Parse(Run("sweep", "plan", At("sweep.json"), "--json").Output)!;

        var trial = json["trials"]![0]!;
        using (Assert.EnterMultipleScope())
        {
            Assert.That((double)json["estimatedTotalSeconds"]!, Is.EqualTo(4 * 1.016).Within(1e-9));
            Assert.That((double)trial["estimatedSeconds"]!, Is.EqualTo(1.016).Within(1e-9));
            Assert.That((long)trial["estimatedPeakMemoryBytes"]!, Is.GreaterThan(100 << 20));
            Assert.That(((int)trial["microBatchSize"]!, (bool)trial["recompute"]!), Is.EqualTo((16, false)));
        }
    }

    [Test]
    public void Plan_SaysWhichTrialsCannotRun()
    {
        var result = Run("sweep", "plan", At("sweep.json"), "training.memoryBudget=1MB");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.ExitCode, Is.Zero);
            Assert.That(result.Output, Does.Contain("does not fit").And.Contain("cannot run: training:memoryBudget is \"1MB\""));
        }
    }

    // In this process: what "sweep plan" starts in one of its own.
    [Test]
    public void Measure_MeasuresSteps()
    {
        var result = Run("measure", At("train.json"), "--plan", """{ "microBatchSize": 8, "recompute": true }""", "--threads", "1");

        var json = JsonNode.Parse(result.Output)!;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(((int)json["plan"]!["microBatchSize"]!, (bool)json["plan"]!["recompute"]!), Is.EqualTo((8, true)));
            Assert.That(((int)json["stepsPerEpoch"]!, (int)json["testCount"]!, (int)json["classCount"]!), Is.EqualTo((2, 16, 10)));
            Assert.That((double)json["stepSeconds"]!, Is.InRange(1e-5, 60));
            Assert.That((double)json["evaluationSecondsPerImage"]!, Is.InRange(1e-7, 60));
            Assert.That((long)json["peakBytes"]!, Is.GreaterThanOrEqualTo((long)json["fixedBytes"]!));
        }
    }

    [Test]
    public void Plan_TakesListsFromTheCommandLine()
    {
        var result = Run("sweep", "plan", At("sweep.json"), "model.depth=20,26,32", "--json", "--no-estimate");

        Assert.That((int)JsonNode.Parse(result.Output)!["trialCount"]!, Is.EqualTo(6));
    }

    [Test]
    public void Run_WritesTheReport_AndIsANoOpTheSecondTime()
    {
        var process = new EndingProcess(TrialState.Completed, 0);
        var first = RunSweep(process);
        var again = new EndingProcess(TrialState.Completed, 0);

        var second = RunSweep(again);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((first.ExitCode, process.StartedCount), Is.EqualTo((0, 4)), first.Error);
            Assert.That(first.Error, Does.Contain("[4/4] depth=14-variant=plain-seed=1  completed  accuracy 0.4321"));
            Assert.That(first.Output, Does.Contain("model.variant").And.Contain("43.21"));
            Assert.That((second.ExitCode, again.StartedCount, second.Output), Is.EqualTo((0, 0, first.Output)));
            Assert.That(Directory.GetFiles(Path.Combine(SweepFolder, "report")).Select(Path.GetFileName),
                Is.EquivalentTo(new[] { "index.html", "table.csv", "table.json", "table.md" }));
            Assert.That(first.Error, Does.Contain($"Report: {Path.Combine(SweepFolder, "report", "index.html")}"));
        }
    }

    [Test]
    public void Run_ContinuesTheFolder()
    {
        RunSweep(new EndingProcess(TrialState.Completed, 0), "--max-trials", "3");
        var process = new EndingProcess(TrialState.Completed, 0);

        var result = RunWith(process, "sweep", "run", SweepFolder);

        Assert.That((result.ExitCode, process.StartedCount), Is.EqualTo((0, 1)), result.Error);
    }

    [TestCase("training.epochs=2")]
    [TestCase("--output", "elsewhere")]
    public void Run_Gives64_WhenTheFolderIsToBeChanged(params string[] more)
    {
        RunSweep(new EndingProcess(TrialState.Completed, 0));

        Assert.That(Run(["sweep", "run", SweepFolder, .. more]).ExitCode, Is.EqualTo(64));
    }

    [Test]
    public void Run_Gives3_WhenTrialsFailed_UntilTheyAreRetried()
    {
        var failed = RunSweep(new EndingProcess(TrialState.Failed, 1, "fixupnet: no memory."), "--fail-fast");
        var retry = Run("sweep", "retry", SweepFolder);
        var after = RunSweep(new EndingProcess(TrialState.Completed, 0));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(failed.ExitCode, Is.EqualTo(3));
            Assert.That(failed.Error, Does.Contain("failed: fixupnet: no memory.").And.Contain("sweep retry"));
            Assert.That((retry.ExitCode, retry.Output), Is.EqualTo((0, $"1 failed trials are due again: fixupnet sweep run {SweepFolder}\n")));
            Assert.That(after.ExitCode, Is.Zero);
        }
    }

    [Test]
    public void Run_Gives0_WhenTrialsDiverged() =>
        Assert.That(RunSweep(new EndingProcess(TrialState.Diverged, 10)).ExitCode, Is.Zero);

    [Test]
    public void Run_Gives75_WhenATrialWasInterrupted()
    {
        var result = RunSweep(new EndingProcess(TrialState.Interrupted, 75), "--max-trials", "1");

        Assert.That((result.ExitCode, result.Error.Contains("run it again to continue")), Is.EqualTo((75, true)));
    }

    [Test]
    public void Run_SharesTheCoresBetweenJobs()
    {
        var (alone, shared) = (new EndingProcess(TrialState.Completed, 0), new EndingProcess(TrialState.Completed, 0));

        RunSweep(alone, "--max-trials", "1");
        RunSweep(shared, "--jobs", "4096");

        Assert.That((alone.LastThreads, shared.LastThreads), Is.EqualTo(((int?)null, (int?)1)));
    }

    [Test]
    public void Status_CountsStates()
    {
        RunSweep(new EndingProcess(TrialState.Completed, 0), "--max-trials", "1");

        var result = Run("sweep", "status", SweepFolder);
        var json = Run("sweep", "status", SweepFolder, "--json");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.Output, Does.Contain("3 pending, 1 completed"));
            Assert.That((string?)JsonNode.Parse(json.Output)![0]!["state"], Is.EqualTo("completed"));
        }
    }

    [Test]
    public void Status_WritesALineAChange_UntilTheSweepEnds_WhenWatching()
    {
        RunSweep(new EndingProcess(TrialState.Completed, 0), "--max-trials", "2");
        var sweep = new SweepDirectory(SweepFolder);
        var due = new Queue<PlanLine>(sweep.ReadPlan().Skip(2));
        var clock = new TickingClock(() => sweep.Trial(due.Dequeue()).WriteSummary(new TrialSummary(TrialState.Diverged, 3, 1, 0.5)));

        var result = RunWith(new EndingProcess(TrialState.Completed, 0), clock, ["sweep", "status", SweepFolder, "--watch"]);

        Assert.That(result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries), Is.EqualTo(new[]
        {
            "2 pending, 2 completed", "[3/4] depth=14-variant=fixup-seed=1  diverged", "[4/4] depth=14-variant=plain-seed=1  diverged",
            "2 completed, 2 diverged",
        }), result.Error);
    }

    [Test]
    public void Status_EndsAtOnce_WhenWatchingASweepThatHasEnded()
    {
        RunSweep(new EndingProcess(TrialState.Completed, 0));

        Assert.That(Run("sweep", "status", SweepFolder, "--watch").Output, Is.EqualTo("4 completed\n"));
    }

    [Test]
    public void Status_Gives64_WhenWatchingAsJson()
    {
        RunSweep(new EndingProcess(TrialState.Completed, 0), "--max-trials", "1");

        Assert.That(Run("sweep", "status", SweepFolder, "--watch", "--json").ExitCode, Is.EqualTo(64));
    }

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
            Assert.That((worker.ExitCode, worker.ErrorLines[^1]), Is.EqualTo((75, $"3 pending, 1 completed; the sweep is stopped, to go on: fixupnet sweep run {SweepFolder}")));
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

        Assert.That((result.ExitCode, result.Output, result.Error.Contains("1 failed trials belong to a worker")), Is.EqualTo((76, "", true)));
    }

    [Test]
    public void Retry_SaysSo_WhenNoTrialHasFailed()
    {
        RunSweep(new EndingProcess(TrialState.Completed, 0));

        Assert.That(Run("sweep", "retry", SweepFolder).Output, Is.EqualTo("No trial has failed.\n"));
    }

    [TestCase("sweep", "run", "swepe.json", "sweep.json")]
    [TestCase("sweep", "status", "runz", "runs")]
    public void Paths_GetASuggestion_WhenTheyAreMistyped(string verb, string subverb, string given, string expected)
    {
        Directory.CreateDirectory(At("runs"));

        var result = Run(verb, subverb, At(given));

        Assert.That((result.ExitCode, result.Error.Contains($"did you mean \"{expected}\"?")), Is.EqualTo((66, true)), result.Error);
    }

    [Test]
    public void Report_ShowsTheTable()
    {
        RunSweep(new EndingProcess(TrialState.Completed, 0));

        var result = Run("report", SweepFolder, "--json");

        Assert.That(JsonNode.Parse(result.Output)!["rows"]!.AsArray(), Has.Count.EqualTo(4));
    }

    private string SweepFolder => Directory.GetDirectories(At("out")).Single();

    private CliResult RunSweep(EndingProcess process, params string[] more) =>
        RunWith(process, ["sweep", "run", At("sweep.json"), "--output", At("out"), .. more]);

    /// <summary>Whoever waits for it waits no time, but something happens meanwhile.</summary>
    private sealed class TickingClock(Action tick) : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime == Timeout.InfiniteTimeSpan) return base.CreateTimer(callback, state, dueTime, period);
            tick();
            return base.CreateTimer(callback, state, TimeSpan.Zero, period);
        }
    }
}
