using System.Diagnostics;

namespace FixupNet.Reliability.Tests.Slurm;

/// <summary>How Slurm ends a job: TERM to every process of it, so that a worker is asked by its script and by a signal, and a trial by its worker
/// and by a signal.</summary>
[Platform("Linux")]
internal sealed class RequestTests : ReliabilityTest
{
    // A step takes about a second, so that both requests come within one.
    private const string Trial = """
        "dataset": { "name": "synthetic-shapes", "trainExamples": 1024, "testExamples": 8 },
        "model": { "name": "resnet-cifar", "depth": 20, "width": 16 }, "training": { "epochs": 50, "batchSize": 1024 }
        """;

    [Test]
    public void Trial_EndsCleanly_WhenItsInputClosesAndASignalComes()
    {
        var document = Write("train.json", $$"""{ "name": "slow", {{Trial}} }""");
        using var trial = ProgramRun.Start("train", document, "--output", At("run"), "--threads", "1", "--supervised");

        var run = AskTwice(trial, At("run"));

        Assert.That((run.ExitCode, File.Exists(At("run", "checkpoints", "latest"))), Is.EqualTo((75, true)), run.Error);
    }

    [Test]
    public void Worker_EndsCleanly_WhenItsInputClosesAndASignalComes()
    {
        var document = Write("sweep.json", $$"""{ "name": "slow", "base": { {{Trial}} } }""");
        var printed = ProgramRun.Of("sweep", "run", document, "--output", At("runs"), "--launcher", "print");
        var sweep = Directory.GetDirectories(At("runs")).Single();
        var trial = Directory.GetDirectories(Path.Combine(sweep, "trials")).Single();
        using var worker = ProgramRun.Start("sweep", "worker", sweep, "--no-wait", "--threads", "1", "--supervised");

        var run = AskTwice(worker, trial);

        Assert.That((printed.ExitCode, run.ExitCode, File.Exists(Path.Combine(trial, "checkpoints", "latest"))), Is.EqualTo((0, 75, true)), run.Error);
    }

    private static ProgramRun AskTwice(Process process, string trial)
    {
        WaitForAStep(process, trial);
        process.StandardInput.Close();
        ProgramRun.Signal("TERM", process.Id);
        return ProgramRun.EndOf(process);
    }

    private static void WaitForAStep(Process process, string trial)
    {
        var metrics = new FileInfo(Path.Combine(trial, "metrics.jsonl"));
        while (!process.HasExited && metrics is not { Exists: true, Length: > 0 })
        {
            Thread.Sleep(5);
            metrics.Refresh();
        }
    }
}
