using System.Text.Json.Nodes;
using FixupNet.Runs;
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
            Assert.That(result.Output, Does.Contain("does not fit").And.Contain("cannot run: training.memoryBudget is \"1MB\""));
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
                Is.EquivalentTo(new[] { "index.html", "table.csv", "table.json", "table.md", "trials.csv", "trials.json", "trials.md" }));
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
            Assert.That((retry.ExitCode, retry.Output), Is.EqualTo((0, $"1 trial is due again: fixupnet sweep run {SweepFolder}\n")));
            Assert.That(after.ExitCode, Is.Zero);
        }
    }

    [Test]
    public void Retry_RepeatsTheTrialsThatArePicked_AndKeepsWhatTheyLeft()
    {
        RunSweep(new EndingProcess(TrialState.Completed, 0));
        var again = new EndingProcess(TrialState.Completed, 0);

        var retry = Run("sweep", "retry", SweepFolder, "--trial", "1,3");
        var after = RunSweep(again);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(retry.Output, Is.EqualTo(
                $"2 trials are due again: fixupnet sweep run {SweepFolder} What 2 of them left is kept in {Path.Combine(SweepFolder, "replaced")}.\n"));
            Assert.That((after.ExitCode, again.StartedCount), Is.EqualTo((0, 2)), after.Error);
            Assert.That(Directory.GetFiles(Path.Combine(SweepFolder, "replaced"), "summary.json", SearchOption.AllDirectories), Has.Length.EqualTo(2));
        }
    }

    [TestCase("--trial", "7", "from 0 to 3")]
    [TestCase("--state", "divergd", "did you mean \"diverged\"")]
    public void Retry_RefusesTrialsThatThereAreNot(string option, string value, string message)
    {
        RunSweep(new EndingProcess(TrialState.Completed, 0));

        var result = Run("sweep", "retry", SweepFolder, option, value);

        Assert.That((result.ExitCode, result.Error.Contains(message)), Is.EqualTo((64, true)), result.Error);
    }

    [Test]
    public void Run_RunsATrialAgain_WhoseFolderWasRemoved()
    {
        RunSweep(new EndingProcess(TrialState.Completed, 0));
        var trial = new SweepDirectory(SweepFolder).ReadPlan()[2];
        var removed = new SweepDirectory(SweepFolder).Trial(trial);
        var config = File.ReadAllText(removed.ConfigFile);
        Directory.Delete(removed.Root, recursive: true);
        var again = new EndingProcess(TrialState.Completed, 0);

        var result = RunSweep(again);

        Assert.That((result.ExitCode, again.StartedCount, File.ReadAllText(removed.ConfigFile)), Is.EqualTo((0, 1, config)), result.Error);
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
    public void Run_HandsThreadsAndDeviceToItsTrials()
    {
        var process = new EndingProcess(TrialState.Completed, 0);

        RunSweep(process, "--jobs", "2", "--threads", "3", "--device", "cuda:1");

        Assert.That((process.LastThreads, process.LastDevice), Is.EqualTo((3, "cuda:1")));
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

    [Test]
    public void Report_GoesToAnotherFolder_WhenOneIsNamed()
    {
        RunSweep(new EndingProcess(TrialState.Completed, 0));
        Directory.Delete(Path.Combine(SweepFolder, "report"), recursive: true);

        var result = Run("report", SweepFolder, "--output", At("elsewhere"));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.Error, Does.Contain($"Report: {At("elsewhere", "index.html")}"));
            Assert.That(Directory.Exists(Path.Combine(SweepFolder, "report")), Is.False);
        }
    }

    [Test]
    public void Report_ShowsTheTableAndNamesTheWayOut_WhenTheSweepCannotBeWrittenTo()
    {
        RunSweep(new EndingProcess(TrialState.Completed, 0));
        Directory.Delete(Path.Combine(SweepFolder, "report"), recursive: true);
        File.WriteAllText(Path.Combine(SweepFolder, "report"), "no folder"); // as good as a read-only disk, for root too

        var result = Run("report", SweepFolder);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((result.ExitCode, result.Error.Contains("; --output DIR writes the report to another folder.")), Is.EqualTo((74, true)), result.Error);
            Assert.That(result.Output, Does.Contain("43.21"));
        }
    }

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
