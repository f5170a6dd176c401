namespace FixupNet.Reliability.Tests.Slurm;

/// <summary>Promise 24: sweeps run under a real Slurm, which takes their workers away as it likes.</summary>
internal sealed class SlurmTests : ReliabilityTest
{
    [SetUp]
    public void Require() => SlurmCluster.Require();

    [Test]
    public void Slurm_RunsASweep_AsASerialRunDoes()
    {
        using var cluster = new SlurmCluster(At("cluster"), maxArraySize: 2);
        var sweep = new LaunchedSweep(cluster, Write("sweep.json", Document(seeds: "[1, 2, 3]", depth: 8, epochs: 1)), Folder);
        sweep.RunSerially();

        var submitted = sweep.Submit("--workers", "3");
        sweep.WaitForEnd();

        Assert.That(submitted, Does.Contain("Submitted job 1: 2 workers.").And.Contain("Submitted job 2: 1 workers."), "arrays no larger than the site takes");
        var count = sweep.RequireSameBits();
        Figures.Note(24, $"{count} of {count} trials of a sweep under a real Slurm bit for bit those of a serial run");
    }

    [Test, Category("Slow")]
    public void Slurm_RunsASweep_AsASerialRunDoes_WhateverItInterrupts()
    {
        using var cluster = new SlurmCluster(At("cluster"), maxArraySize: 1001);
        var sweep = new LaunchedSweep(cluster, Write("sweep.json", Document(seeds: "[1, 2, 3, 4]", depth: 20, epochs: 8)), Folder);
        sweep.RunSerially();

        // The shortest time limit there is: Slurm sends USR1 within half a minute.
        sweep.Submit("--workers", "2", "--time", "1", "--grace-seconds", "50");
        sweep.WaitForTraining(2);
        sweep.WaitFor("requeue at the time limit", () => Count(sweep, "ended with 75; queued again") >= 2);
        foreach (var task in (string[])["0", "1"]) cluster.Ask("scontrol", "update", $"JobId=1_{task}", "TimeLimit=120");

        sweep.WaitForTraining(2);
        cluster.Ask("sbatch", "--partition=high", "--ntasks=2", "--output=/dev/null", "--wait", "--wrap=true");
        sweep.WaitFor("preemption", () => Count(sweep, "after Slurm stopped the job") >= 2);

        sweep.WaitForTraining(2);
        var worker = cluster.Ask("pgrep", "--newest", "--full", "fixupnet-cli sweep worker").Trim();
        cluster.Ask("kill", "-s", "KILL", worker);
        sweep.WaitFor("requeue after the kill", () => Count(sweep, "ended with 137; queued again") >= 1);

        sweep.WaitForEnd();
        var count = sweep.RequireSameBits();
        var starts = sweep.Journal.Count(line => line.Event == Runs.Records.SweepEventKind.Running);
        Assert.That(starts, Is.GreaterThan(count), "trials were interrupted while they ran");
        Figures.Note(24, $"Slurm with {Count(sweep, "ended with 75; queued again")} requeues at the time limit, {Count(sweep, "after Slurm stopped the job")} preemptions, "
            + $"1 kill -9 of a worker; {count} trials started {starts} times, {count} of {count} bit for bit those of a serial run");
    }

    private static string Document(string seeds, int depth, int epochs) => $$"""
        { "name": "slurm", "seeds": {{seeds}}, "grid": { "model.depth": [{{depth}}] },
          "base": {
            "dataset": { "name": "synthetic-shapes", "trainExamples": 1024, "testExamples": 64 },
            "model": { "name": "resnet-cifar", "width": 16 }, "training": { "epochs": {{epochs}}, "batchSize": 64 },
            "record": { "gradientNormsEverySteps": 8, "metricsEverySteps": 4 } } }
        """;

    private static int Count(LaunchedSweep sweep, string text) => sweep.Logs.Split(text).Length - 1;
}
