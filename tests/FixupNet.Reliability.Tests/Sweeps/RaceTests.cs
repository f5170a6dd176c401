using System.Diagnostics;
using FixupNet.Runs;

namespace FixupNet.Reliability.Tests.Sweeps;

/// <summary>Promise 12: one run directory, one writer.</summary>
internal sealed class RaceTests : SweepTest
{
    private const int Racers = 8;

    [TestCase(3)]
    [TestCase(300, Category = "Slow")]
    public void Directory_HasOneWriter_WhenManyRaceForIt(int raceCount)
    {
        var config = CreateSweep("race", trialCount: 1, epochs: 100_000) is var sweep ? sweep.Trial(sweep.ReadPlan()[0]).ConfigFile : "";
        var seconds = new List<double>();
        for (var race = 0; race < raceCount; race++)
        {
            var directory = At($"run-{race % 2}");
            if (race % 2 == 1) LeaveAStaleLock(directory);
            seconds.AddRange(Race(config, directory));
            Directory.Delete(directory, recursive: true);
        }
        Figures.Note(12, FormattableString.Invariant(
            $"{raceCount} races of {Racers} processes for one directory: one winner each, the others ended with 76 after {seconds.Order().ElementAt(seconds.Count / 2):F2} s (median; slowest {seconds.Max():F2} s); free again at once when the winner is killed"));
    }

    private IEnumerable<double> Race(string config, string directory)
    {
        string[] command = ["train", config, "--output", directory, "--threads", "1", "--supervised"];
        var racers = Enumerable.Range(0, Racers).Select(_ => (Process: Start(command), Watch: Stopwatch.StartNew())).ToList();
        var ends = racers.Select(racer => (racer.Process, EndsAfter: EndsAfterAsync(racer.Process, racer.Watch))).ToList();
        // The winner trains until it is killed.
        WaitUntil(() => ends.Count(end => end.EndsAfter.IsCompleted) == Racers - 1, "that all but one have ended");
        var losers = ends.Where(end => end.EndsAfter.IsCompleted).ToList();
        var winner = ends.Single(end => !end.EndsAfter.IsCompleted).Process;
        Assert.That(losers.Select(loser => loser.Process.ExitCode), Is.All.EqualTo(76));
        Assert.That(winner.HasExited, Is.False);

        winner.Kill();
        winner.WaitForExit();
        Assert.That(() => RunDirectoryLock.Acquire(directory).Dispose(), Throws.Nothing);
        return losers.Select(loser => loser.EndsAfter.GetAwaiter().GetResult());
    }

    private static async Task<double> EndsAfterAsync(Process process, Stopwatch watch)
    {
        await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync(), process.WaitForExitAsync());
        return watch.Elapsed.TotalSeconds;
    }

    // What a process leaves that was killed; its number may be another's by now.
    private static void LeaveAStaleLock(string directory)
    {
        Directory.CreateDirectory(directory);
        File.WriteAllText(Path.Combine(directory, ".lock"), $"{Environment.ProcessId}\n");
    }
}
