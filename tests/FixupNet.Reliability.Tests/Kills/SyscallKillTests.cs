using FixupNet.Reliability.Tests.Harness;

namespace FixupNet.Reliability.Tests.Kills;

/// <summary>Promise 1: killed before any of its system calls on the run's files, a training loses no more than what came after the last checkpoint.</summary>
[Requires(Need.Strace)]
internal sealed class SyscallKillTests : ReliabilityTest
{
    [TestCase(3)]
    [TestCase(int.MaxValue, Category = "Slow")]
    public void Kill_LosesNothing_AtAnySystemCall(int count)
    {
        var trials = new Trials(Folder);
        var all = trials.Undisturbed.Points.Where(point => point.IsChange).ToList();
        Assert.That(all.Select(point => point.Call).Distinct(), Is.SupersetOf(new[] { "openat", "pwrite64", "fsync", "rename", "mkdir", "unlink" }));
        var points = Cases.Spread(all, count);

        Cases.Check(points, point => ProblemAfterKill(point, trials.FromTheBeginning, trials));

        Figures.Note(1,
            $"killed at {points.Count} of the {all.Count} system calls by which a training with its checkpoints and logs changes files, 0 mismatches after resuming");
    }

    // What is killed while it puts a killed run right again must not be lost either.
    [TestCase(1)]
    [TestCase(int.MaxValue, Category = "Slow")]
    public void Kill_LosesNothing_AtAnySystemCallOfResuming(int count)
    {
        var trials = new Trials(Folder);
        var listing = Killed(trials);
        var all = Strace.PointsOf(listing, trials.Command(listing)).Where(point => point.IsChange).ToList();
        Assert.That(trials.ProblemWithEnded(listing), Is.Null);
        var points = Cases.Spread(all, count);

        Cases.Check(points, point => ProblemAfterKill(point, new Attempt(() => Killed(trials), trials.Command), trials));

        Figures.Note(1, $"killed again at {points.Count} of the {all.Count} system calls of a resumed training, 0 mismatches");
    }

    private static string? ProblemAfterKill(SyscallPoint point, Attempt attempt, Trials trials)
    {
        var killed = Strace.KilledAt(point, attempt);
        return killed.Process.ExitCode == Child.Killed
            ? trials.ProblemAfterResuming(killed.Folder)
            : $"it ended with {killed.Process.ExitCode}: {killed.Process.Error}";
    }

    // Before its second checkpoint is in place, with log lines that belong to none yet.
    private static string Killed(Trials trials)
    {
        var second = trials.Undisturbed.Points.First(point => point.Call == "rename" && point.Target.EndsWith("/step-0000000003", StringComparison.Ordinal));
        var (run, process) = Strace.KilledAt(second, trials.FromTheBeginning);
        Assert.That((process.ExitCode, Trials.StepOfLatest(run)), Is.EqualTo((Child.Killed, 2L)));
        return run;
    }
}
