using FixupNet.Reliability.Tests.Harness;
using FixupNet.Runs.Records;

namespace FixupNet.Reliability.Tests.Sweeps;

/// <summary>Promise 11: a trial that runs out of memory ends alone.</summary>
[Platform("Linux")]
internal sealed class OutOfMemoryTests : SweepTest
{
    [TestCase(1)]
    [TestCase(10, Category = "Slow")]
    public void Trials_AreKilledAlone_WhenMemoryRunsOut(int seedCount)
    {
        using var group = MemoryGroup.Create(bytes: 700 << 20);
        var expected = SerialResults(name => CreateSweep(name, Document(seedCount, "2")));
        var sweep = CreateSweep("memory", Document(seedCount, "2, 256"));
        var worker = ProgramRun.Of(group.Joining[0], [.. group.Joining.Skip(1), ProgramRun.Program, "sweep", "worker", sweep.Root, "--threads", "1"]);

        var trials = sweep.ReadPlan().ToLookup(line => line.Overrides["model.width"].GetInt32(), sweep.Trial);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(worker.ExitCode, Is.EqualTo(3), worker.Error);
            Assert.That(trials[256].Select(trial => trial.ReadState()), Is.All.EqualTo(TrialState.Failed));
            Assert.That(trials[256].Select(trial => trial.ReadStatus()!.Reason), Is.All.StartsWith("oom"));
            Assert.That(trials[2].Select(trial => RunFingerprint.Of(trial.Root)), Is.EqualTo(expected));
        }
        Figures.Note(11, $"{seedCount} trials of {2 * seedCount} killed for want of memory, and recorded so; the other {seedCount} bit for bit as alone");
    }

    [Test]
    public void Kill_IsNotTakenForWantOfMemory()
    {
        var sweep = CreateSweep("kill", trialCount: 1, epochs: 100_000);
        var trial = sweep.Trial(sweep.ReadPlan()[0]);
        var worker = StartWorker(sweep);
        WaitUntil(() => File.Exists(trial.MetricsFile), "the first line of metrics");

        ProgramRun.Signal("KILL", ChildOf(worker));
        var end = ProgramRun.EndOf(worker);

        Assert.That((end.ExitCode, trial.ReadStatus()!.Reason), Is.EqualTo((3, "killed by signal 9")));
    }

    private static string Document(int seedCount, string widths) => $$"""
        { "name": "memory", "seeds": [{{string.Join(',', Enumerable.Range(1, seedCount))}}], "grid": { "model.width": [{{widths}}] },
          "base": { "dataset": { "name": "synthetic-shapes", "trainExamples": 256, "testExamples": 8 }, "model": { "name": "resnet-cifar", "variant": "batchnorm", "depth": 8 },
            "training": { "epochs": 1, "batchSize": 256, "memoryBudget": "64GB" } } }
        """;
}
