using System.Diagnostics;
using System.Globalization;

namespace FixupNet.Reliability.Tests.Slurm;

/// <summary>How Slurm ends a job: TERM to every process of it, so that a trial is asked by its worker and by a signal.</summary>
[Platform("Linux")]
internal sealed class RequestTests : ReliabilityTest
{
    // A step takes about a second, so that both requests come within one.
    private const string Document = """
        { "name": "slow", "dataset": { "name": "synthetic-shapes", "trainExamples": 1024, "testExamples": 8 },
          "model": { "name": "resnet-cifar", "depth": 20, "width": 16 }, "training": { "epochs": 50, "batchSize": 1024 } }
        """;

    [Test]
    public void Trial_EndsCleanly_WhenItsInputClosesAndASignalComes()
    {
        using var trial = ProgramRun.Start("train", Write("train.json", Document), "--output", At("run"), "--threads", "1", "--supervised");
        WaitForAStep();

        trial.StandardInput.Close();
        Process.Start("kill", ["-s", "TERM", trial.Id.ToString(CultureInfo.InvariantCulture)]).WaitForExit();

        var run = ProgramRun.EndOf(trial);
        Assert.That((run.ExitCode, File.Exists(At("run", "checkpoints", "latest"))), Is.EqualTo((75, true)), run.Error);
    }

    private void WaitForAStep()
    {
        var metrics = new FileInfo(At("run", "metrics.jsonl"));
        while (metrics is not { Exists: true, Length: > 0 })
        {
            Thread.Sleep(5);
            metrics.Refresh();
        }
    }
}
