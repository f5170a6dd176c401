using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using FixupNet.Experiments;
using FixupNet.Experiments.Sweeps;
using FixupNet.Runs;
using FixupNet.Runs.Json;
using FixupNet.Runs.Metrics;
using FixupNet.Runs.Records;

namespace FixupNet.Reliability.Tests.Sweeps;

/// <summary>Promise 21: what a sweep costs beside its trials. Times are figures, which a busy machine may spoil; memory and processor time decide.</summary>
[Platform("Linux")]
internal sealed class OverheadTests : SweepTest
{
    [TestCase(300)]
    [TestCase(10_000, Category = "Slow")]
    public void Plan_AndStatus_TakeLittle(int trialCount)
    {
        var plan = Measure("sweep", "plan", Write("sweep.json", Document(trialCount)), "--no-estimate");
        var sweep = CreateSweep("sweep", Document(trialCount));
        var status = Measure("sweep", "status", sweep.Root);

        Assert.That(Math.Max(plan.PeakMegabytes, status.PeakMegabytes), Is.LessThan(300));
        Figures.Note(21, FormattableString.Invariant($"{trialCount} trials: plan {plan.Seconds:F1} s, status {status.Seconds:F1} s"));
    }

    [TestCase(300)]
    [TestCase(1_000, Category = "Slow")]
    [TestCase(10_000, Category = "Slow")]
    public void Run_IsANoOp_WhenAllIsComplete(int trialCount)
    {
        var sweep = CreateSweep("sweep", Document(trialCount));
        foreach (var line in sweep.ReadPlan()) Complete(sweep.Trial(line));

        var run = Measure("sweep", "run", sweep.Root);

        Assert.That(run.PeakMegabytes, Is.LessThan(300));
        Figures.Note(21, FormattableString.Invariant($"{trialCount} complete trials: run again in {run.Seconds:F1} s, report included, in {run.PeakMegabytes:F0} MB"));
    }

    [TestCase(300)]
    [TestCase(10_000, Category = "Slow")]
    public void Worker_TakesLittleTimeATrial_HoweverManyThereAre(int trialCount)
    {
        var few = MillisecondsAnEvent("few", 300);
        var milliseconds = trialCount == 300 ? few : MillisecondsAnEvent("many", trialCount);

        Assert.That(milliseconds, Is.LessThan(5));
        Figures.Note(21, FormattableString.Invariant($"{trialCount} trials: {milliseconds:F2} ms of the worker's processor time an event ({few:F2} ms with 300 trials)"));
    }

    private double MillisecondsAnEvent(string name, int trialCount)
    {
        var sweep = CreateSweep(name, Document(trialCount));
        var eventCount = 0;
        var worker = new SweepWorker(sweep, new WorkerTools(new InstantProcess(), TimeProvider.System, ProductRegistries.All, _ => eventCount++, _ => { }));
        using var self = Process.GetCurrentProcess();
        var before = self.TotalProcessorTime;

        worker.RunAsync(new SweepWorkerOptions(), CancellationToken.None).GetAwaiter().GetResult();

        self.Refresh();
        Assert.That(eventCount, Is.EqualTo(3 * trialCount));
        return (self.TotalProcessorTime - before).TotalMilliseconds / eventCount;
    }

    private static void Complete(TrialDirectory trial) =>
        File.WriteAllText(trial.SummaryFile, JsonSerializer.Serialize(new TrialSummary(TrialState.Completed, 3, 1, 0.5, Test: new MetricValues(("loss", 1.5), ("accuracy", 0.4))), RunJson.Compact));

    private static string Document(int trialCount) => $$"""
        { "name": "many", "base": { "dataset": { "name": "synthetic-shapes", "trainExamples": 16, "testExamples": 8 }, "model": { "name": "resnet-cifar", "depth": 8 } },
          "grid": { "optimizer.learningRate": [0.01, 0.02, 0.03, 0.04, 0.05, 0.06, 0.07, 0.08, 0.09, 0.1] }, "seeds": [{{string.Join(',', Enumerable.Range(1, trialCount / 10))}}] }
        """;

    private (double Seconds, double PeakMegabytes) Measure(params string[] arguments)
    {
        var watch = Stopwatch.StartNew();
        var process = Start(arguments);
        var end = Task.Run(() => ProgramRun.EndOf(process));
        var peak = 0.0;
        while (!end.Wait(10)) peak = Math.Max(peak, PeakMegabytes(process.Id));
        Assert.That(end.Result.ExitCode, Is.Zero, end.Result.Error);
        return (watch.Elapsed.TotalSeconds, peak);
    }

    private static double PeakMegabytes(int processId)
    {
        try
        {
            var line = File.ReadLines($"/proc/{processId}/status").FirstOrDefault(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null ? 0 : double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) * 1024 / 1e6;
        }
        catch (IOException)
        {
            return 0; // it has just ended
        }
    }

    private sealed class InstantProcess : ITrialProcess
    {
        public Task<TrialExit> RunAsync(TrialLaunch launch, CancellationToken end, CancellationToken kill)
        {
            Complete(launch.Trial);
            return Task.FromResult(new TrialExit(0, []));
        }
    }
}
