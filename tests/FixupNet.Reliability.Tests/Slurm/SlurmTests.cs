using FixupNet.Runs;
using FixupNet.Runs.Records;

namespace FixupNet.Reliability.Tests.Slurm;

/// <summary>Promise 24: sweeps run under a real Slurm, which takes their workers away as it likes.</summary>
internal sealed class SlurmTests : ReliabilityTest
{
    // Half a minute passes until the shortest time limit is announced; two workers on four trials must still have work then.
    private const double SecondsOfATrial = 20;

    private const string RequeuedAtTheLimit = "ended with 75; queued again";
    private const string RequeuedAfterAKill = "ended with 137; queued again";
    private const string Preempted = "after Slurm stopped the job";

    [SetUp]
    public void Require() => SlurmCluster.Require();

    [Test]
    public void Slurm_RunsASweep_AsASerialRunDoes()
    {
        using var cluster = new SlurmCluster(At("cluster"), maxArraySize: 1);
        var sweep = new LaunchedSweep(cluster, Write("sweep.json", Sweep("[1, 2]", Trial(depth: 8, examples: 256, epochs: 1))), Folder);
        sweep.RunSerially();

        var submitted = sweep.Submit("--workers", "2");
        sweep.WaitForEnd();

        Assert.That(submitted, Does.StartWith("Submitted job 1: 1 workers.\nSubmitted job 2: 1 workers.\n"), "arrays no larger than the site takes");
        var count = sweep.RequireSameBits();
        Figures.Note(24, $"a sweep under a real Slurm, {count} of {count} trials bit for bit those of a serial run");
    }

    [Test, Category("Slow")]
    public void Slurm_RunsASweep_AsASerialRunDoes_WhateverItInterrupts()
    {
        var epochs = EpochsOf(SecondsOfATrial);
        using var cluster = new SlurmCluster(At("cluster"), maxArraySize: 1001);
        var sweep = new LaunchedSweep(cluster, Write("sweep.json", Sweep("[1, 2, 3, 4]", Trial(depth: 20, examples: 1024, epochs))), Folder);
        sweep.RunSerially();

        LetTheTimeRunOut(cluster, sweep);
        Preempt(cluster, sweep);
        KillAWorker(cluster, sweep);
        sweep.WaitForEnd();

        var count = sweep.RequireSameBits();
        var starts = sweep.Journal.Count(line => line.Event == SweepEventKind.Running);
        Assert.That(starts, Is.GreaterThan(count), "trials were interrupted while they ran");
        Figures.Note(24, $"a sweep under a real Slurm with {Count(sweep, RequeuedAtTheLimit)} requeues at the time limit, {Count(sweep, Preempted)} preemptions and "
            + $"{Count(sweep, RequeuedAfterAKill)} kill -9 of a worker: {count} trials started {starts} times, {count} of {count} bit for bit those of a serial run");
    }

    // A minute is the shortest time limit there is.
    private static void LetTheTimeRunOut(SlurmCluster cluster, LaunchedSweep sweep)
    {
        sweep.Submit("--workers", "2", "--time", "1", "--grace-seconds", "50");
        sweep.WaitFor("requeue at the time limit", () => Count(sweep, RequeuedAtTheLimit) >= 2);
        foreach (var task in (string[])["1_0", "1_1"]) cluster.Ask("scontrol", "update", $"JobId={task}", "TimeLimit=120");
    }

    private static void Preempt(SlurmCluster cluster, LaunchedSweep sweep)
    {
        sweep.WaitForTraining(2);
        cluster.Ask("sbatch", "--partition=high", "--ntasks=2", "--output=/dev/null", "--wait", "--wrap=true");
        sweep.WaitFor("preemption", () => Count(sweep, Preempted) >= 2);
    }

    private static void KillAWorker(SlurmCluster cluster, LaunchedSweep sweep)
    {
        sweep.WaitForTraining(2);
        var worker = cluster.Ask("pgrep", "--newest", "--full", "fixupnet-cli sweep worker").Trim();
        cluster.Ask("kill", "-s", "KILL", worker);
        sweep.WaitFor("requeue after the kill", () => Count(sweep, RequeuedAfterAKill) >= 1);
    }

    // How many make a training that takes so long on this machine.
    private int EpochsOf(double seconds)
    {
        const int measured = 2;
        var document = Write("measure.json", $$"""{ "name": "measure", {{Trial(depth: 20, examples: 1024, measured)}} }""");
        var run = ProgramRun.Of("train", document, "--output", At("measure"), "--threads", "1");
        Assert.That(run.ExitCode, Is.Zero, run.Error);
        return (int)Math.Ceiling(seconds * measured / new TrialDirectory(At("measure")).ReadSummary()!.ElapsedSeconds);
    }

    private static string Sweep(string seeds, string trial) => $$"""{ "name": "slurm", "seeds": {{seeds}}, "base": { {{trial}} } }""";

    private static string Trial(int depth, int examples, int epochs) => $$"""
        "dataset": { "name": "synthetic-shapes", "trainExamples": {{examples}}, "testExamples": 64 },
        "model": { "name": "resnet-cifar", "depth": {{depth}} }, "training": { "epochs": {{epochs}}, "batchSize": 64 },
        "record": { "gradientNormsEverySteps": 8, "metricsEverySteps": 4 }
        """;

    private static int Count(LaunchedSweep sweep, string text) => sweep.Logs.Split(text).Length - 1;
}
