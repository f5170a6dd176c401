using System.Text.Json;
using System.Text.Json.Nodes;
using FixupNet.Experiments;
using FixupNet.Experiments.Configuration;
using FixupNet.Runs;
using FixupNet.Runs.Json;
using FixupNet.Runs.Records;

namespace FixupNet.Cli.Tests.Verbs;

/// <summary>"study" of a run, what it keeps, and what it refuses.</summary>
internal sealed class StudyVerbTests : CliTests
{
    [Test]
    public void Study_KeepsItsAnswer_AndTheReportShowsIt()
    {
        var run = new TrialDirectory(At("run"));
        Run("train", At("train.json"), "--output", run.Root, "--threads", "1");

        var first = Run("study", "pruning", run.Root, "images=16", "--threads", "1");
        var record = RunJson.ReadFile<StudyRecord>(run.StudyFile("pruning"));
        var second = Run("study", "pruning", run.Root, "images=16", "--threads", "1");
        var other = Run("study", "pruning", run.Root, "images=8", "--threads", "1");
        Run("report", run.Root);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(first.ExitCode, Is.Zero, first.Error);
            Assert.That(first.Output, Does.Contain("accuracy with all weights: "));
            Assert.That((record.Options.GetProperty("images").GetInt32(), record.Options.GetProperty("scope").GetString()), Is.EqualTo((16, "global")));
            Assert.That(second.Output, Is.EqualTo(first.Output), "an answer to the same options is not asked for again, nor is its time another");
            Assert.That(other.Output, Is.Not.EqualTo(first.Output));
            Assert.That(File.ReadAllText(At("run", "report", "index.html")), Does.Contain("id=\"studies\"").And.Contain("share left out for one point of accuracy (%)"));
        }
    }

    [Test]
    public void Study_IsAskedAgain_OnceTheRunHasOtherWeights()
    {
        var run = new TrialDirectory(At("run"));
        Run("train", At("train.json"), "--output", run.Root, "--threads", "1", "--max-steps", "1");
        Run("study", "pruning", run.Root, "images=16", "--threads", "1");
        var before = RunJson.ReadFile<StudyRecord>(run.StudyFile("pruning"));
        Run("train", At("train.json"), "--output", run.Root, "--threads", "1");

        var result = Run("study", "pruning", run.Root, "images=16", "--threads", "1");
        var after = RunJson.ReadFile<StudyRecord>(run.StudyFile("pruning"));
        Directory.Delete(run.CheckpointsFolder, recursive: true);
        var known = Run("study", "pruning", run.Root, "images=16", "--threads", "1");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.ExitCode, Is.Zero, result.Error);
            Assert.That(after.Weights, Is.Not.EqualTo(before.Weights));
            Assert.That(known.Output, Is.EqualTo(result.Output), "the answer outlives the weights");
        }
    }

    // What a sweep's trial is started with.
    [Test]
    public void Train_AsksStudies_OnceItIsTrained()
    {
        var run = new TrialDirectory(At("run"));
        var studies = At("studies.json");
        RunJson.WriteFile(studies, new StudyRequests([Request("pruning", """{"images":16}"""), Request("random-labels", """{"shares":2}""")]));
        string[] command = ["train", At("train.json"), "--output", run.Root, "--threads", "1", "--studies", studies];

        var first = Run(command);
        var known = File.ReadAllText(run.StudyFile("pruning"));
        var second = Run(command);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((first.ExitCode, second.ExitCode), Is.EqualTo((0, 0)), first.Error);
            Assert.That(RunJson.ReadFile<StudyRecord>(run.StudyFile("random-labels")).Values, Is.Not.Empty);
            Assert.That(File.ReadAllText(run.StudyFile("pruning")), Is.EqualTo(known));
            Assert.That(Directory.GetDirectories(run.StudiesFolder), Is.Empty, "what was trained for an answer is gone");
            Assert.That(File.ReadAllText(run.TextLogFile), Does.Contain("Study \"random-labels\" begins").Or.Contain("Study random-labels begins"));
        }
    }

    private static StudyRequest Request(string study, string options) => StudyChoice.Of(new StudyRequest(study, JsonElement.Parse(options)), ProductRegistries.All).Request;

    // Neither weights nor a training that went well are needed; what is measured is what the verb "probe" measures.
    [Test]
    public void Probe_IsKeptOfNetworksThatDiverged()
    {
        RunSweep(new EndingProcess(TrialState.Diverged, 10));
        var (trial, sweep) = (new TrialDirectory(Directory.GetDirectories(Path.Combine(SweepFolder, "trials")).Order(StringComparer.Ordinal).First()), new SweepDirectory(SweepFolder));

        var result = Run("study", "probe", SweepFolder, "updates=3", "--threads", "1");
        var verb = Run("probe", trial.ConfigFile, "--json", "--threads", "1");
        var again = Run("study", "probe", SweepFolder, "updates=3", "--threads", "1");
        Run("report", SweepFolder);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.ExitCode, Is.Zero, result.Error);
            Assert.That(again.Output, Is.EqualTo(result.Output), "what was answered is not asked again");
            Assert.That(sweep.ReadPlan().Select(line => File.Exists(sweep.Trial(line).StudyFile("probe"))), Has.All.True);
            Assert.That(RunJson.ReadFile<StudyRecord>(trial.StudyFile("probe")).Curves[0].Ys, Is.EqualTo(JsonNode.Parse(verb.Output)!["updateSizes"]!.AsArray().Take(3).Select(size => (double)size!)));
            Assert.That(File.ReadAllText(Path.Combine(SweepFolder, "report", "index.html")), Does.Contain("Size of an update").And.Contain("Gradient norm at the start against depth"));
        }
    }

    [Test]
    public void SweepRun_AsksTheSweep_OnceItHasEnded()
    {
        Write("sweep.json", Sweep.Replace("\"grid\"", "\"studies\": [{ \"name\": \"tuning\", \"by\": \"model.variant\" }], \"grid\"", StringComparison.Ordinal));

        var part = RunSweep(new EndingProcess(TrialState.Completed, 0), "--max-trials", "2");
        var isAskedOfAPart = File.Exists(new SweepDirectory(SweepFolder).StudyFile("tuning"));
        var whole = RunSweep(new EndingProcess(TrialState.Completed, 0));

        using (Assert.EnterMultipleScope())
        {
            Assert.That((part.ExitCode, whole.ExitCode), Is.EqualTo((0, 0)), whole.Error);
            Assert.That(isAskedOfAPart, Is.False);
            Assert.That(whole.Error, Does.Contain("study tuning asked of the sweep: "));
            Assert.That(RunJson.ReadFile<StudyRecord>(new SweepDirectory(SweepFolder).StudyFile("tuning")).Curves, Has.Count.EqualTo(2));
            Assert.That(File.ReadAllText(Path.Combine(SweepFolder, "report", "index.html")), Does.Contain("Asked of the sweep as a whole"));
        }
    }

    [Test]
    public void Tuning_AsksASweep_AndNoNetwork()
    {
        RunSweep(new EndingProcess(TrialState.Completed, 0));

        var result = Run("study", "tuning", SweepFolder, "by=model.variant");
        var refused = Run("study", "tuning", SweepFolder, "by=model.width");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.ExitCode, Is.Zero, result.Error);
            Assert.That(result.Output, Does.Contain("fixup over plain, best of 1: "));
            Assert.That(RunJson.ReadFile<StudyRecord>(new SweepDirectory(SweepFolder).StudyFile("tuning")).Curves, Has.Count.EqualTo(2));
            Assert.That((refused.ExitCode, refused.ErrorLines.Length), Is.EqualTo((78, 1)), refused.Error);
        }
    }

    [TestCase(66, "hessian", "runs/nothing-here")]
    [TestCase(78, "hessian", "images=0")]
    [TestCase(64, "hessian", "images=8")]
    [TestCase(64, "hessain", ".")]
    public void Study_RefusesWhatItCannotAsk(int exitCode, string study, string argument)
    {
        var result = Run("study", study, argument);

        Assert.That((result.ExitCode, result.ErrorLines.Length), Is.EqualTo((exitCode, 1)), result.Error);
    }
}
