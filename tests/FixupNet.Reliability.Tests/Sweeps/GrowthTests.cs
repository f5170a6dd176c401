using System.Runtime.Versioning;
using FixupNet.Reliability.Tests.Harness;
using FixupNet.Runs;
using FixupNet.Runs.Records;

namespace FixupNet.Reliability.Tests.Sweeps;

/// <summary>Sweeps and runs that grow, and programs that change: nothing is trained twice, nothing old passes for new.</summary>
internal sealed class GrowthTests : SweepTest
{
    private const string Document = """
        { "name": "grown", "grid": { "model.depth": [8] }, "seeds": [1],
          "base": { "dataset": { "name": "synthetic-shapes", "trainExamples": 24, "testExamples": 8 }, "model": { "name": "resnet-cifar", "width": 2 },
            "training": { "epochs": 2, "batchSize": 8 }, "record": { "metricsEverySteps": 1 } } }
        """;

    [Test]
    public void GrownSweep_TrainsWhatIsNewAlone()
    {
        var first = Sweep(Run());
        var trained = FirstTrial(first);

        var grown = Sweep(Run("model.depth=8,14", "seeds=1,2"), but: first);

        var plan = grown.ReadPlan();
        var taken = plan.Where(line => grown.Trial(line).ReadReused() is not null).ToList();
        var started = Journals(grown).Where(line => line.Event == SweepEventKind.Running).Select(line => line.Trial);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(taken, Has.Count.EqualTo(1));
            Assert.That(started, Is.EquivalentTo(plan.Except(taken).Select(line => line.Index)));
            Assert.That(plan.Select(line => grown.Trial(line).ReadState()), Is.EqualTo(Enumerable.Repeat(TrialState.Completed, 4)));
            foreach (var file in (string[])["metrics.jsonl", "env.json", "summary.json"])
                Assert.That(File.ReadAllText(Path.Combine(grown.Trial(taken[0]).Root, file)), Is.EqualTo(File.ReadAllText(Path.Combine(trained.Root, file))));
        }
    }

    [Test]
    [Platform("Linux")]
    public void GrownSweep_GoesOnWithWhatWasLeftOff_ToTheSameBits()
    {
        string[] longer = ["dataset.trainExamples=256", "training.epochs=25", "checkpoint.everySteps=20"];
        var whole = Sweep(Run([.. longer, "--output", At("whole")]), "whole");
        var worker = Start(Command(longer));
        // At step 20 of 800: lines of metrics may wait in memory until the end.
        WaitUntil(() => Directory.Exists(At("runs")) && Directory.GetFiles(At("runs"), "latest", SearchOption.AllDirectories).Length > 0, "the first checkpoint");
        ProgramRun.Signal("TERM", worker.Id);
        Assert.That(ProgramRun.EndOf(worker).ExitCode, Is.EqualTo(75));
        var first = Sweep();

        var grown = Sweep(Run([.. longer, "seeds=1,2"]), but: first);

        var reused = FirstTrial(grown).ReadReused();
        Assert.That((reused?.Sweep, reused?.State), Is.EqualTo((Path.GetFileName(first.Root), TrialState.Interrupted)));
        Assert.That(RunFingerprint.Of(FirstTrial(grown).Root), Is.EqualTo(RunFingerprint.Of(FirstTrial(whole).Root)));
    }

    [Test]
    [UnsupportedOSPlatform("windows"), Platform("Linux,MacOsX")]
    public void ChangedProgram_SaysWhoseTheNumbersAre_AndTrainsThemAgainWhenToldSo()
    {
        const string Told = "1 of 1 trial trained by another build of the program";
        var sweep = Sweep(Run());
        var (changed, trial, before) = (OtherBuild.Make(At("changed")), FirstTrial(sweep), RunFingerprint.Of(FirstTrial(sweep).Root));

        var (own, other) = (Run(), ProgramRun.Of(changed, Command()));
        var again = ProgramRun.Of(changed, Command("--rerun"));
        var (after, back) = (ProgramRun.Of(changed, Command()), Run());

        using (Assert.EnterMultipleScope())
        {
            Assert.That((own.ExitCode, other.ExitCode, again.ExitCode, after.ExitCode, back.ExitCode), Is.EqualTo((0, 0, 0, 0, 0)), again.Error);
            Assert.That(own.Error, Does.Not.Contain("another build"));
            Assert.That(other.Error, Does.Contain(Told).And.Contain("--rerun"));
            Assert.That(again.Error, Does.Contain("1 trial to train again"));
            Assert.That(after.Error, Does.Not.Contain("another build"));
            Assert.That(back.Error, Does.Contain(Told).And.Contain("commit 0123456789"));
            Assert.That(trial.ReadEnvironment()!.Source!.Code, Is.EqualTo(OtherBuild.Code));
            Assert.That(RunFingerprint.Of(trial.Root), Is.EqualTo(before));
            Assert.That(Directory.GetDirectories(sweep.ReplacedFolder).Select(RunFingerprint.Of), Is.EqualTo(new[] { before }));
            Assert.That(CompletedCounts(sweep), Is.EqualTo(new[] { 2 }));
        }
    }

    [Test]
    public void RemovedTrial_IsTrainedAgain_AndCanBeRetried()
    {
        var sweep = Sweep(Run());
        var before = RunFingerprint.Of(FirstTrial(sweep).Root);

        Directory.Delete(FirstTrial(sweep).Root, recursive: true);
        var again = Run();
        Directory.Delete(FirstTrial(sweep).Root, recursive: true);
        var retry = ProgramRun.Of("sweep", "retry", sweep.Root, "--trial", "0");
        var third = ProgramRun.Of("sweep", "run", sweep.Root);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((again.ExitCode, retry.ExitCode, third.ExitCode), Is.EqualTo((0, 0, 0)), again.Error + retry.Error + third.Error);
            Assert.That(RunFingerprint.Of(FirstTrial(sweep).Root), Is.EqualTo(before));
            Assert.That(CompletedCounts(sweep), Is.EqualTo(new[] { 3 }));
        }
    }

    [Test]
    public void FinishedRun_GivenMoreEpochs_IsWhatALongerOneIs()
    {
        string[] constant = ["schedule.name=constant"];
        var trials = new Trials(Folder, [.. constant]);
        var run = trials.NewFolder();

        var shorter = Child.Run([.. trials.Command(run), "training.epochs=1"]);
        var steps = Trials.StepOfLatest(run);
        var longer = Child.Run(trials.Command(run));

        using (Assert.EnterMultipleScope())
        {
            Assert.That((shorter.ExitCode, steps, longer.ExitCode), Is.EqualTo((0, 3, 0)), shorter.Error + longer.Error);
            Assert.That(File.Exists(Path.Combine(run, "summary.epochs-1.json")));
            Assert.That(RunFingerprint.Of(run).DifferenceTo(trials.Undisturbed.Fingerprint), Is.Null);
        }
    }

    private string[] Command(params string[] more) =>
        ["sweep", "run", Write("sweep.json", Document), "--threads", "1", .. more.Contains("--output") ? (string[])[] : ["--output", At("runs")], .. more];

    private ProgramRun Run(params string[] more) => ProgramRun.Of(Command(more));

    private SweepDirectory Sweep(ProgramRun run, string folder = "runs", SweepDirectory? but = null)
    {
        Assert.That(run.ExitCode, Is.Zero, run.Error);
        return Sweep(folder, but);
    }

    private SweepDirectory Sweep(string folder = "runs", SweepDirectory? but = null) =>
        new(Directory.GetDirectories(At(folder)).Single(sweep => sweep != but?.Root));

    private static TrialDirectory FirstTrial(SweepDirectory sweep) => sweep.Trial(sweep.ReadPlan()[0]);
}
