using FixupNet.Experiments.Sweeps;
using FixupNet.Runs;
using FixupNet.Runs.Records;

namespace FixupNet.Experiments.Tests.Sweeps;

internal sealed class StartingWeightsTests : SweepFixture
{
    private static readonly byte[] s_new = [1, 2, 3];

    [Test]
    public void Run_RefusesASweep_WhoseWeightsHaveChanged()
    {
        var (sweep, file) = Create();
        File.WriteAllBytes(file, s_new);
        var process = ScriptedProcess.Completing();

        Assert.That(() => Run(sweep, process), Throws.TypeOf<InvalidDataException>().With.Message.Contains(file).And.Message.Contains("has changed since this sweep was written"));
        Assert.That(process.Started, Is.Empty);
    }

    [Test]
    public void Run_FailsTheTrialsThatWouldStartFromOtherWeights()
    {
        var (sweep, file) = Create();
        var process = new ScriptedProcess((trial, _) =>
        {
            File.WriteAllBytes(file, s_new);
            return Task.FromResult(ScriptedProcess.End(trial, TrialState.Completed));
        });

        var outcome = Run(sweep, process);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((outcome.CountOf(TrialState.Completed), outcome.CountOf(TrialState.Failed), process.Started.Count), Is.EqualTo((1, 1, 1)));
            Assert.That(sweep.Trial(sweep.ReadPlan()[1]).ReadStatus()!.Reason, Does.Contain("has changed since this sweep was written"));
        }
    }

    [Test]
    public void Run_RunsTheTrials_WhenTheWeightsAreWhatTheyWere()
    {
        var (sweep, _) = Create();

        Assert.That(Run(sweep, ScriptedProcess.Completing()).CountOf(TrialState.Completed), Is.EqualTo(2));
    }

    private (SweepDirectory Sweep, string Weights) Create()
    {
        var weights = Folder.Write("w.safetensors", "weights");
        var plan = Plan("""{ "name": "s", "base": { "initialization": { "weights": "w.safetensors" } }, "seeds": [1, 2] }""");
        var sweep = SweepFolder.Of(Folder.Path, plan);
        Directory.CreateDirectory(sweep.Root);
        SweepFolder.Create(sweep, plan, default);
        return (sweep, weights);
    }

    private static SweepOutcome Run(SweepDirectory sweep, ScriptedProcess process) =>
        new SweepWorker(sweep, new WorkerTools(process, TimeProvider.System, ProductRegistries.All, _ => { }, _ => { })).RunAsync(new SweepWorkerOptions(), default).GetAwaiter().GetResult();
}
