using FixupNet.Reliability.Tests.Harness;

namespace FixupNet.Reliability.Tests.Repeats;

/// <summary>Promise 15: the same configuration, machine and threads give the same bits: in another process, from another folder, beside others that compute,
/// in another order, with what was measured before at hand.</summary>
internal sealed class RepeatTests : ReliabilityTest
{
    [TestCase("depth-first", 2)]
    [TestCase("eager", 1)]
    [TestCase("depth-first", 20, Category = "Slow")]
    [TestCase("eager", 20, Category = "Slow")]
    public void Repeating_GivesTheSameBits(string engine, int count)
    {
        var trials = new Trials(Folder, $"training.engine={engine}");
        // Others beside it, of another length each, so that no two runs meet the same neighbours.
        IReadOnlyList<string> Neighbour(int number) =>
            TinyTrial.Command(At("tiny.json"), At($"neighbour{number}"), $"training.engine={engine}", $"training.epochs={1 + number}", "model.depth=14");

        Write("tiny.json", TinyTrial.Document);

        Cases.Check([.. Enumerable.Range(0, count)], number =>
        {
            var (run, elsewhere) = (trials.NewFolder(), Directory.CreateDirectory(At($"from{number}")).FullName);
            using var neighbour = number % 3 == 1 ? Child.Start(Neighbour(number)) : null;
            var ended = Child.Run(["env", "-C", elsewhere, .. trials.Command(Path.GetRelativePath(elsewhere, run))]);
            if (neighbour is not null) Child.EndOf(neighbour);
            return ended.ExitCode == 0 ? trials.ProblemWithEnded(run) : $"exit code {ended.ExitCode}: {ended.Error}";
        });

        Figures.Note(15, $"{count} repeats ({engine}) in fresh processes, from other folders, side by side with others: 0 bits differ");
    }

    // Two threads are another setting, with bits of its own; those repeat as well.
    [TestCase(1)]
    [TestCase(6, Category = "Slow")]
    public void Repeating_GivesTheSameBits_WithTwoThreads(int count)
    {
        var trials = new Trials(Folder, "--threads", "2");
        for (var number = 0; number < count; number++)
        {
            var run = trials.NewFolder();
            var ended = Child.Run(trials.Command(run));
            Assert.That(ended.ExitCode, Is.Zero, ended.Error);
            Assert.That(trials.ProblemWithEnded(run), Is.Null);
        }
        Figures.Note(15, $"{count} repeats with two threads: 0 bits differ");
    }
}
