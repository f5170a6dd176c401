using System.Diagnostics;
using FixupNet.Runs;
using FixupNet.Runs.Records;

namespace FixupNet.Reliability.Tests.Sweeps;

/// <summary>Promise 13: no trial is lost or completed twice, whichever worker is killed when.</summary>
internal sealed class WorkerKillTests : SweepTest
{
    private const int Seed = 20_190_127;

    [TestCase(2, 4, 3)]
    [TestCase(4, 50, 50, Category = "Slow")]
    public void KilledWorkers_LoseNoTrial_AndCompleteNoneTwice(int workerCount, int trialCount, int killCount)
    {
        var expected = SerialResults(name => CreateSweep(name, trialCount, epochs: 20));
        var sweep = CreateSweep("killed", trialCount, epochs: 20);
        var workers = Enumerable.Range(0, workerCount).Select(index => StartOne(sweep, index)).ToList();
        var random = new Random(Seed);

        for (var kill = 0; kill < killCount; kill++)
        {
            // One that has a trial: a kill while a worker starts would show little.
            var index = -1;
            WaitUntil(() => (index = workers.FindIndex(random.Next(workerCount), worker => Holders(sweep).Contains(worker.Id))) >= 0, "a worker's claim");
            Thread.Sleep(random.Next(500));
            if (workers[index].HasExited) Assert.Fail($"the sweep ended after {kill} kills; it needs more to do");
            workers[index].Kill();
            workers[index].WaitForExit(); // until then it owns the sweep
            workers[index] = StartOne(sweep, index);
        }
        var ends = workers.Select(ProgramRun.EndOf).ToList();

        Assert.That(ends.Select(end => end.ExitCode), Is.All.Zero, string.Join('\n', ends.Select(end => end.Error)));
        var plan = sweep.ReadPlan();
        var generations = sweep.Claims.ListGenerations();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(plan.Select(line => sweep.Trial(line).ReadSummary()!.State), Is.All.EqualTo(TrialState.Completed));
            Assert.That(CompletedCounts(sweep), Is.All.EqualTo(1));
            Assert.That(plan.Where(line => !sweep.Claims.IsReleased(line.Index, generations[line.Index])), Is.Empty);
            Assert.That(ResultsOf(sweep), Is.EqualTo(expected));
        }
        var takeovers = generations.Values.Sum() - trialCount;
        Figures.Note(13, $"{killCount} kills of {workerCount} workers over {trialCount} trials, {takeovers} takeovers: each completed once, 0 results differ from a serial run");
    }

    private static IReadOnlyList<int> Holders(SweepDirectory sweep)
    {
        var held = sweep.Claims.ListGenerations().Where(claim => !sweep.Claims.IsReleased(claim.Key, claim.Value));
        return [.. held.Select(claim => sweep.Claims.ReadOwner(claim.Key, claim.Value)?.ProcessId).OfType<int>()];
    }

    // One of them drives the sweep and writes the report.
    private Process StartOne(SweepDirectory sweep, int index) =>
        index == 0 ? Start(["sweep", "run", sweep.Root]) : StartWorker(sweep);
}
