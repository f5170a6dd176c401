using System.Text.Json.Nodes;
using FixupNet.Runs;
using FixupNet.Runs.Claims;
using FixupNet.Runs.Records;

namespace FixupNet.Cli.Tests.Verbs;

/// <summary>Sweeps that grow, and sweeps whose program changes.</summary>
internal sealed class SweepGrowthTests : CliTests
{
    private SweepDirectory _first = null!;

    [SetUp]
    public void RunFirst()
    {
        RunSweep(new EndingProcess(TrialState.Completed, 0));
        _first = new SweepDirectory(SweepFolder);
    }

    [Test]
    public void Run_TrainsOnlyWhatIsNew_WhenTheSweepHasGrown()
    {
        File.WriteAllText(Path.Combine(_first.Trial(_first.ReadPlan()[1]).Root, "metrics.jsonl"), "kept");
        var process = new EndingProcess(TrialState.Completed, 0);

        var result = RunSweep(process, "model.depth=8,14,20", "seeds=1,2");

        var grown = Grown();
        var reused = grown.ReadPlan().Select(line => grown.Trial(line).ReadReused()).OfType<ReusedRecord>().ToList();
        using (Assert.EnterMultipleScope())
        {
            Assert.That((result.ExitCode, process.StartedCount, reused.Count), Is.EqualTo((0, 8, 4)), result.Error);
            Assert.That(reused.Select(record => record.Sweep).Distinct(), Is.EqualTo(new[] { Path.GetFileName(_first.Root) }));
            Assert.That(result.Error, Does.Contain($"4 trials taken over from {Path.GetFileName(_first.Root)}").And.Contain("12 trials, 4 of them complete"));
            Assert.That(Directory.GetFiles(grown.TrialsFolder, "metrics.jsonl", SearchOption.AllDirectories).Select(File.ReadAllText), Is.EqualTo(new[] { "kept" }));
            Assert.That(_first.ReadPlan().Select(line => _first.Trial(line).ReadState()), Is.All.EqualTo(TrialState.Completed));
            Assert.That(Run("sweep", "status", grown.Root).Output, Does.Contain($"from {Path.GetFileName(_first.Root)}"));
        }
    }

    [Test]
    public void Plan_LooksForTrials_WhereTheSweepWillBeWritten()
    {
        string[] plan = ["sweep", "plan", At("sweep.json"), "seeds=1,2", "--no-estimate"];

        var (there, elsewhere) = (Run([.. plan, "--output", At("out")]), Run([.. plan, "--output", At("empty")]));
        var json = JsonNode.Parse(Run([.. plan, "--output", At("out"), "--json"]).Output)!;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(there.Output, Does.Contain($"8 trials; \"sweep run\" writes to {At("out")}").And.Contain($"4 trials would be taken over from {Path.GetFileName(_first.Root)}"));
            Assert.That(elsewhere.Output, Does.Contain($"writes to {At("empty")}").And.Not.Contain("taken over"));
            Assert.That(((string?)json["directory"])!, Does.StartWith(At("out")));
            Assert.That(json["trials"]!.AsArray().Count(trial => (string?)trial!["reusedFrom"] == Path.GetFileName(_first.Root)), Is.EqualTo(4));
        }
    }

    [Test]
    public void Run_TrainsEverything_WhenToldSo()
    {
        var process = new EndingProcess(TrialState.Completed, 0);

        RunSweep(process, "seeds=1,2", "--no-reuse");

        Assert.That(process.StartedCount, Is.EqualTo(8));
    }

    [Test]
    public void Run_GoesOnWithWhatWasLeftOff()
    {
        var left = _first.Trial(_first.ReadPlan()[0]);
        File.Delete(left.SummaryFile);
        left.WriteStatus(new TrialStatus(TrialState.Interrupted, 5, 0.5, DateTimeOffset.UnixEpoch));
        Directory.CreateDirectory(left.CheckpointFolder(5));
        File.WriteAllText(Path.Combine(left.CheckpointFolder(5), "state.json"), "5");
        var process = new EndingProcess(TrialState.Completed, 0);

        var result = RunSweep(process, "seeds=1,2");

        var grown = Grown();
        Assert.That((process.StartedCount, File.ReadAllText(Path.Combine(grown.Trial(grown.ReadPlan()[0]).CheckpointFolder(5), "state.json"))), Is.EqualTo((5, "5")), result.Error);
    }

    // Nothing is trained twice: neither while another worker is at it.
    [Test]
    public void Run_Gives76_WhileAnotherSweepTrainsTheSame()
    {
        var line = _first.ReadPlan()[3];
        File.Delete(_first.Trial(line).SummaryFile);
        using var worker = WorkerPresence.Announce(_first.Claims, TimeSpan.FromSeconds(30), LocalHost.Id);
        Assert.That(_first.Claims.TryClaim(3, 2, worker.Worker));

        var refused = RunSweep(new EndingProcess(TrialState.Completed, 0), "seeds=1,2");
        var forced = new EndingProcess(TrialState.Completed, 0);
        var result = RunSweep(forced, "seeds=1,2", "--no-reuse");

        using (Assert.EnterMultipleScope())
        {
            Assert.That((refused.ExitCode, refused.Error.Contains("it trains 1 of this sweep's trials")), Is.EqualTo((76, true)), refused.Error);
            Assert.That((result.ExitCode, forced.StartedCount), Is.EqualTo((0, 8)));
        }
    }

    [Test]
    public void Run_TellsOfTrialsOfAnotherBuild_AndTrainsThemAgain_WhenToldSo()
    {
        foreach (var line in _first.ReadPlan().Take(2)) _first.Trial(line).WriteEnvironment(Environment(new SourceRecord("0ther", "0123456789abcdef", true)));
        const string told = "2 of 4 trials trained by another build of the program (commit 0123456789 with changes (sources 0ther); this one: ";
        var again = new EndingProcess(TrialState.Completed, 0);

        var (run, status, report) = (RunSweep(new EndingProcess(TrialState.Completed, 0)), Run("sweep", "status", _first.Root), Run("report", _first.Root));
        var (json, list) = (Run("sweep", "status", _first.Root, "--json"), Run("sweep", "list", At("out")));
        var rerun = RunSweep(again, "--rerun");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(run.Error, Does.Contain(told).And.Contain($"fixupnet sweep run {_first.Root} --rerun"));
            Assert.That(status.Output, Does.Contain(told));
            Assert.That(report.Error, Does.Contain(told));
            Assert.That(JsonNode.Parse(json.Output)!.AsArray().Select(trial => (string?)trial!["otherBuild"]?["commit"]), Is.EqualTo(new[] { "0123456789abcdef", "0123456789abcdef", null, null }));
            Assert.That(list.Output, Does.Match(@"of another build +created").And.Match("4 completed +2 "));
            Assert.That((rerun.ExitCode, again.StartedCount), Is.EqualTo((0, 2)), rerun.Error);
            Assert.That(rerun.Error, Does.Contain("2 trials to train again; what 2 of them left is kept in").And.Not.Contain("another build"));
        }
    }

    [Test]
    public void Run_TrainsTheTrialsAgainThatArePicked()
    {
        var process = new EndingProcess(TrialState.Completed, 0);

        var result = RunSweep(process, "--rerun", "--trial", "0,2-3", "--state", "completed");

        Assert.That((result.ExitCode, process.StartedCount, Run("sweep", "run", _first.Root, "--trial", "1").ExitCode), Is.EqualTo((0, 3, 64)));
    }

    [Test]
    public void Report_MakesOneOfSeveralSweeps()
    {
        RunSweep(new EndingProcess(TrialState.Completed, 0), "seeds=1,2", "--no-reuse");

        var result = Run("report", _first.Root, Grown().Root, "--output", At("joint"), "--json");
        var apart = Run("report", _first.Root, Grown().Root, "--output", At("apart"), "--groups", "apart", "--json");
        var exported = Run("export", _first.Root, Grown().Root, "--to", "csv", "--output", At("tables"));

        using (Assert.EnterMultipleScope())
        {
            Assert.That((result.ExitCode, JsonNode.Parse(result.Output)!["rows"]!.AsArray().Count, File.Exists(At("joint", "index.html"))), Is.EqualTo((0, 4, true)), result.Error);
            Assert.That((apart.ExitCode, JsonNode.Parse(apart.Output)!["rows"]!.AsArray().Count), Is.EqualTo((0, 8)), apart.Error);
            Assert.That(File.ReadAllLines(At("tables", "summary.csv")), Has.Length.EqualTo(13).And.One.StartsWith("sweep,trial,"), exported.Error);
        }
    }

    [Test]
    public void Report_Gives64_WhenAFolderIsGivenTwice_OrGroupsOfOneAreAskedFor() =>
        Assert.That((Run("report", _first.Root, _first.Root + "/").ExitCode, Run("report", _first.Root, "--groups", "apart").ExitCode), Is.EqualTo((64, 64)));

    [Test]
    public void Status_TakesSeveralSweeps()
    {
        RunSweep(new EndingProcess(TrialState.Completed, 0), "seeds=1,2", "--max-trials", "1");

        var text = Run("sweep", "status", _first.Root, Grown().Root);
        var json = JsonNode.Parse(Run("sweep", "status", _first.Root, Grown().Root, "--json").Output)!;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(text.Output, Does.Contain($"{_first.Root}:").And.Contain("4 completed").And.Contain("3 pending, 5 completed"));
            Assert.That(((string?)json[1]!["directory"], json[1]!["trials"]!.AsArray().Count), Is.EqualTo((Grown().Root, 8)));
        }
    }

    [Test]
    public void List_ShowsTheSweepsOfAFolder()
    {
        RunSweep(new EndingProcess(TrialState.Completed, 0), "seeds=1,2", "--max-trials", "1");
        File.WriteAllText(Path.Combine(_first.Root, "plan.jsonl"), "{");

        var text = Run("sweep", "list", At("out"));
        var json = JsonNode.Parse(Run("sweep", "list", At("out"), "--json").Output)!.AsArray();

        var grown = json.Single(sweep => (string?)sweep!["name"] == Path.GetFileName(Grown().Root))!;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(text.Output, Does.Match(@"\Asweep +trials +states +created \(UTC\) +changed \(UTC\) +size\n").And.Contain("3 pending, 5 completed").And.Contain("is damaged"));
            Assert.That(((int)grown["trialCount"]!, (int)grown["states"]!["completed"]!, (long)grown["bytes"]! > 0), Is.EqualTo((8, 5, true)));
            Assert.That(Run("sweep", "list", At("nowhere")).ExitCode, Is.EqualTo(66));
        }
    }

    private SweepDirectory Grown() => new(Directory.GetDirectories(At("out")).Single(folder => folder != _first.Root));

    private static EnvironmentRecord Environment(SourceRecord source) => new(
        "fixupnet train", "host", "os", "cpu", ".NET 10", "LibTorch", "1.13.1", 2, "00ff", new Dictionary<string, long> { ["seed"] = 1 }, DateTimeOffset.UnixEpoch,
        source.Commit, Source: source);
}
