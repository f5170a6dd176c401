using System.Diagnostics;
using FixupNet.Runs.Records;

namespace FixupNet.Reliability.Tests.Sweeps;

/// <summary>Promise 14, for workers: asked to end, they save their trials and give them up; what they leave, the next ones end.</summary>
[Platform("Linux")]
internal sealed class InterruptionTests : SweepTest
{
    [TestCase("TERM")]
    [TestCase("INT", Category = "Slow")]
    [TestCase("USR1", Category = "Slow")]
    public void Signal_EndsAWorker_AndOthersGoOnAtOnce(string signal)
    {
        var expected = SerialResults(name => CreateSweep(name, trialCount: 1, epochs: 20));
        var sweep = CreateSweep("signal", trialCount: 1, epochs: 20);
        var trial = sweep.Trial(sweep.ReadPlan()[0]);
        var worker = StartWorker(sweep);
        WaitUntil(() => File.Exists(trial.MetricsFile), "the first line of metrics");

        ProgramRun.Signal(signal, worker.Id);
        var end = ProgramRun.EndOf(worker);
        var (state, isReleased) = (trial.ReadState(), sweep.Claims.IsReleased(0, 1));
        var next = ProgramRun.EndOf(StartWorker(sweep));

        using (Assert.EnterMultipleScope())
        {
            Assert.That((end.ExitCode, state, isReleased), Is.EqualTo((75, TrialState.Interrupted, true)), end.Error);
            Assert.That((next.ExitCode, sweep.Claims.ListGenerations()[0]), Is.EqualTo((0, 2)), next.Error);
            Assert.That(ResultsOf(sweep), Is.EqualTo(expected));
        }
    }

    [Test]
    public void Stop_EndsAllWorkers_UntilTheSweepIsRunAgain()
    {
        var sweep = CreateSweep("stop", trialCount: 2, epochs: 20);
        var plan = sweep.ReadPlan();
        List<Process> workers = [Start(["sweep", "run", sweep.Root]), StartWorker(sweep)];
        WaitUntil(() => plan.All(line => File.Exists(sweep.Trial(line).MetricsFile)), "that both trials run");

        var stop = ProgramRun.Of("sweep", "stop", sweep.Root);
        var ends = workers.Select(ProgramRun.EndOf).ToList();
        var more = ProgramRun.EndOf(StartWorker(sweep));
        var states = plan.Select(line => sweep.Trial(line).ReadState()).ToList();
        var again = ProgramRun.Of("sweep", "run", sweep.Root);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((stop.ExitCode, ends[0].ExitCode, ends[1].ExitCode), Is.EqualTo((0, 75, 0)), ends[0].Error + ends[1].Error);
            Assert.That(states, Is.All.EqualTo(TrialState.Interrupted));
            Assert.That((more.ExitCode, more.Error.Contains("the sweep is stopped")), Is.EqualTo((0, true)), more.Error);
            Assert.That((again.ExitCode, CompletedCounts(sweep)), Is.EqualTo((0, new[] { 1, 1 })), again.Error);
        }
    }

    [Test]
    public void SecondRun_IsToldHowToHelp()
    {
        var sweep = CreateSweep("second", trialCount: 1, epochs: 100_000);
        Start(["sweep", "run", sweep.Root]);
        WaitUntil(() => sweep.Claims.Exists(0, 1), "the claim");

        var second = ProgramRun.Of("sweep", "run", sweep.Root);

        Assert.That((second.ExitCode, second.Error), Is.EqualTo((76, $"fixupnet: {sweep.Root} is in use by another process; to help it, run \"fixupnet sweep worker {sweep.Root}\".\n")));
    }
}
