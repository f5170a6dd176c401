using FixupNet.Reliability.Tests.Harness;

namespace FixupNet.Reliability.Tests.Kills;

/// <summary>Promise 1: killed at any time, any number of times, a training loses no more than what came after the last checkpoint.</summary>
internal sealed class RandomKillTests : ReliabilityTest
{
    [TestCase(2)]
    [TestCase(200, Category = "Slow")]
    public void Kill_LosesNothing_AtARandomTime(int count)
    {
        var trials = new Trials(Folder, "training.epochs=30", "checkpoint.everySteps=20");
        var inTraining = 0;

        Cases.Check([.. Enumerable.Range(0, count)], number =>
        {
            var run = trials.NewFolder();
            using var process = Child.Start(trials.Command(run));
            Thread.Sleep(trials.Undisturbed.Duration * new Random(number).NextDouble());
            process.Kill();
            if (Child.EndOf(process).ExitCode == Child.Killed && File.Exists(Path.Combine(run, "metrics.jsonl"))) Interlocked.Increment(ref inTraining);
            return trials.ProblemAfterResuming(run);
        });

        Figures.Note(1, $"{count} kills at random times, {inTraining} of them in training, 0 mismatches after resuming");
    }

    [TestCase(3)]
    [TestCase(100, Category = "Slow")]
    public void Kill_LosesNothing_HoweverOften(int count)
    {
        // Long enough for all kills: each comes when a few more steps are saved.
        var trials = new Trials(Folder, $"training.epochs={10 * count}", "checkpoint.everySteps=1");
        var run = trials.NewFolder();
        var random = new Random(count);

        for (var kill = 0; kill < count; kill++)
        {
            using var process = Child.Start(trials.Command(run));
            var saved = Trials.StepOfLatestWhileRunning(run);
            var target = saved + random.Next(1, 20);
            while (!process.HasExited && Trials.StepOfLatestWhileRunning(run) < target) Thread.Yield();
            Thread.Sleep(random.Next(10));
            process.Kill();
            Assert.That(Child.EndOf(process).ExitCode, Is.EqualTo(Child.Killed), "It was not in training any more.");
        }

        Assert.That(trials.ProblemAfterResuming(run), Is.Null);
        Figures.Note(1, $"one training killed {count} times, 0 mismatches at its end");
    }
}
