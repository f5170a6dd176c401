using System.Text;
using System.Text.Json;
using FixupNet.Experiments.Configuration.Nodes;
using FixupNet.Experiments.Sweeps;
using FixupNet.Experiments.Tests.Configuration;
using FixupNet.Runs;
using FixupNet.Runs.Json;
using FixupNet.Runs.Metrics;
using FixupNet.Runs.Records;

namespace FixupNet.Experiments.Tests.Sweeps;

/// <summary>"studies" of a sweep: checked before it starts, asked once a network is trained, asked again where that was left off.</summary>
internal sealed class SweepStudiesTests : FourTrials
{
    private static readonly JsonElement s_options = JsonElement.Parse("""{"images":8}""");

    private static string Document(string studies, string more = "") =>
        $$"""{ "name": "asked", "base": { "model": { "depth": 8 }{{more}} }, "seeds": [1, 2], "studies": {{studies}} }""";

    private static SweepPlan Planned(string text) => SweepPlan.Parse(Encoding.UTF8.GetBytes(text), "asked.json", [], ProductRegistries.All);

    [Test]
    public void Plan_ReadsStudies_WithEveryOption_AndTheSameTrials()
    {
        var plan = Planned(Document("""["pruning", { "name": "hessian", "images": 7 }]"""));
        var resolved = SweepPlan.Parse(Encoding.UTF8.GetBytes(plan.ResolvedJson), "again.json", [], ProductRegistries.All);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(plan.Studies.Select(study => study.Entry.Name), Is.EqualTo((string[])["pruning", "hessian"]));
            Assert.That(plan.Studies[0].Json.GetProperty("scope").GetString(), Is.EqualTo("global"));
            Assert.That(plan.Studies[1].Json.GetProperty("images").GetInt32(), Is.EqualTo(7));
            Assert.That(resolved.Studies.Select(study => study.Json.GetRawText()), Is.EqualTo(plan.Studies.Select(study => study.Json.GetRawText())));
            Assert.That(plan.Hash6, Is.EqualTo(Planned(Document("[]")).Hash6), "what is asked is no part of what is trained");
        }
    }

    [TestCase("""["prunning"]""", "", "studies[0].name")]
    [TestCase("""[{ "name": "pruning", "imags": 3 }]""", "", "studies[0].imags")]
    [TestCase("""[{ "name": "pruning", "images": 0 }]""", "", "studies[0].images")]
    [TestCase("""[{ "name": "tuning", "by": "model.variant" }]""", "", "studies[0].by")]
    [TestCase("""[{ "name": "tuning", "budget": 2 }]""", "", "studies[0].budget")]
    [TestCase("""["pruning", "pruning"]""", "", "studies[1]")]
    [TestCase("""["pruning"]""", ", \"checkpoint\": { \"finalWeights\": false }", "studies")]
    public void Plan_RefusesStudies_BeforeAnythingRuns(string studies, string more, string path) =>
        Assert.That(Assert.Throws<ConfigException>(() => Planned(Document(studies, more)))!.Errors.Select(error => error.Path), Is.EqualTo((string[])[path]));

    // Neither needs weights: one asks how networks begin, the other what trials came to.
    [Test]
    public void Plan_TakesStudiesWithoutWeights() => Assert.That(
        Planned(Document("""["probe", "tuning"]""", ", \"checkpoint\": { \"finalWeights\": false }")).Studies.Select(study => study.Entry.Name), Is.EqualTo((string[])["probe", "tuning"]));

    [Test]
    public void RunAll_AnswersWhatIsAskedOfTheSweep_ByAllItsTrials()
    {
        var sweep = new SweepDirectory(Path.Combine(Sweep.Root, "asked"));
        Directory.CreateDirectory(sweep.Root);
        SweepFolder.Create(sweep, Planned(Document("""["pruning", "tuning"]""")), new byte[1]);
        foreach (var line in sweep.ReadPlan()) sweep.Trial(line).WriteSummary(new TrialSummary(TrialState.Completed, 3, 1, 0.5, Test: new MetricValues(("loss", 1), ("accuracy", 0.3 + 0.1 * line.Seed))));

        var answers = SweepStudy.RunAll(sweep, ProductRegistries.All);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(sweep.ReadStudies().Studies.Single().Study, Is.EqualTo("pruning"), "what the trials' processes ask");
            Assert.That(answers.Single().Study, Is.EqualTo("tuning"));
            Assert.That(answers.Single().Values.Single(value => value.Name == "best of all").Value, Is.EqualTo(0.45).Within(1e-12)); // one configuration, two seeds
            Assert.That(RunJson.ReadFile<StudyRecord>(sweep.StudyFile("tuning")).Values, Is.EqualTo(answers.Single().Values));
        }
    }

    [Test]
    public void Create_KeepsWhatIsAsked_AndTakesWhatIsAskedLater()
    {
        var sweep = new SweepDirectory(Path.Combine(Sweep.Root, "asked"));
        Directory.CreateDirectory(sweep.Root);
        SweepFolder.Create(sweep, Planned(Document("""["pruning"]""")), new byte[1]);
        var first = sweep.ReadStudies().Studies;
        SweepFolder.Create(sweep, Planned(Document("""["hessian"]""")), new byte[1]);
        var second = sweep.ReadStudies().Studies;
        SweepFolder.Create(sweep, Planned(Document("[]")), new byte[1]);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(first.Single().Study, Is.EqualTo("pruning"));
            Assert.That(second.Single().Study, Is.EqualTo("hessian"));
            Assert.That(sweep.ReadStudies().Studies, Is.Empty);
        }
    }

    [Test]
    public void Run_AsksTrialsThatHaveEnded_AndLackAnAnswer()
    {
        Run(ScriptedProcess.Completing());
        RunJson.WriteFile(Sweep.StudiesFile, new StudyRequests([new StudyRequest("pruning", s_options)]));
        Answer(Trial(0), s_options);
        Answer(Trial(1), JsonElement.Parse("""{"images":9}"""));
        var asking = new ScriptedProcess((trial, _) =>
        {
            Answer(trial, s_options);
            return Task.FromResult(0);
        });

        var outcome = Run(asking);
        var again = ScriptedProcess.Completing();
        Run(again);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(asking.Started, Is.EqualTo((string[])["0001-t", "0002-t", "0003-t"]), "the first has its answer, the second one to other options");
            Assert.That((outcome.UnansweredCount, outcome.IsInterrupted), Is.EqualTo((0, false)));
            Assert.That(again.Started, Is.Empty);
        }
    }

    [Test]
    public void Run_TellsOfStudiesThatFailed_AndAsksOnce()
    {
        RunJson.WriteFile(Sweep.StudiesFile, new StudyRequests([new StudyRequest("pruning", s_options)]));
        var failing = new ScriptedProcess((trial, _) =>
        {
            ScriptedProcess.End(trial, TrialState.Completed);
            return Task.FromResult(78);
        })
        {
            ErrorLines = ["it does not fit"],
        };

        var outcome = Run(failing);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((outcome.UnansweredCount, failing.Started.Count, outcome.CountOf(TrialState.Completed)), Is.EqualTo((4, 4, 4)));
            Assert.That(File.ReadAllText(Trial(0).TextLogFile), Does.Contain("it does not fit"));
        }
    }

    [Test]
    public void Run_IsInterrupted_WhereAStudyWas()
    {
        RunJson.WriteFile(Sweep.StudiesFile, new StudyRequests([new StudyRequest("pruning", s_options)]));
        var leaving = new ScriptedProcess((trial, _) =>
        {
            ScriptedProcess.End(trial, TrialState.Completed);
            return Task.FromResult(75);
        });

        Assert.That(Run(leaving).IsInterrupted, Is.True);
    }

    [Test]
    public void Run_AsksNothing_OfNetworksThatDiverged()
    {
        RunJson.WriteFile(Sweep.StudiesFile, new StudyRequests([new StudyRequest("pruning", s_options)]));

        var outcome = Run(new ScriptedProcess((trial, _) => Task.FromResult(ScriptedProcess.End(trial, TrialState.Diverged))));

        Assert.That((outcome.UnansweredCount, outcome.HasResults), Is.EqualTo((0, true)));
    }

    [Test]
    public void Run_AsksHowNetworksBegin_OfThoseThatDiverged()
    {
        RunJson.WriteFile(Sweep.StudiesFile, new StudyRequests([new StudyRequest("probe", s_options, IsOfStart: true)]));

        var outcome = Run(new ScriptedProcess((trial, _) => Task.FromResult(ScriptedProcess.End(trial, TrialState.Diverged))));

        Assert.That(outcome.UnansweredCount, Is.EqualTo(4));
    }

    [Test]
    public void Run_HasNoResults_WhereEveryTrialFailed() => Assert.That(Run(ScriptedProcess.Exiting(70)).HasResults, Is.False);

    private static void Answer(TrialDirectory trial, JsonElement options)
    {
        Directory.CreateDirectory(trial.StudiesFolder);
        RunJson.WriteFile(trial.StudyFile("pruning"), new StudyRecord("pruning", options, "step-0000000003", [], [], 1));
    }

    private SweepOutcome Run(ITrialProcess process) =>
        new SweepWorker(Sweep, new WorkerTools(process, new ManualClock(), Some.Registries, _ => { }, _ => { })).RunAsync(new SweepWorkerOptions(), CancellationToken.None).GetAwaiter().GetResult();
}
