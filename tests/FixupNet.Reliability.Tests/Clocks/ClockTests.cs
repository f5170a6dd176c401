using System.Text.Json.Nodes;
using FixupNet.Reliability.Tests.Harness;

namespace FixupNet.Reliability.Tests.Clocks;

/// <summary>Promise 18: a clock that is wrong, or jumps, changes nothing but the times it is asked for.</summary>
[Requires(Need.FakeClock)]
internal sealed class ClockTests : ReliabilityTest
{
    // Long enough to be met in the middle by whoever watches the log.
    private const string Epochs = "training.epochs=60";

    [TestCase(2)]
    [TestCase(int.MaxValue, Category = "Slow")]
    public void WrongClock_ChangesNothingButTimes(int count)
    {
        var cases = Cases.Spread(ClockCase.All, count);
        Write("tiny.json", TinyTrial.Document);
        Assert.That(Child.Run(TinyTrial.Command(At("tiny.json"), At("right"), Epochs)).ExitCode, Is.Zero);
        var expected = RunFingerprint.Of(At("right"));

        Cases.Check(cases, clock => ProblemWith(clock, expected));

        Figures.Note(18, $"{cases.Count} wrong clocks, 0 changed a result, a duration or an order");
    }

    private string? ProblemWith(ClockCase clock, RunFingerprint expected)
    {
        var folder = Directory.CreateTempSubdirectory("fixupnet-clock-").FullName;
        try
        {
            var run = Path.Combine(folder, "run");
            var ended = RunUnder(clock, folder, run);
            if (ended.ExitCode != 0) return $"exit code {ended.ExitCode}: {ended.Error}";
            return RunFingerprint.Of(run).DifferenceTo(expected) ?? ProblemWithTimes(clock, run);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private ProgramRun RunUnder(ClockCase clock, string folder, string run)
    {
        // The jump must fall into the run: where the machine was too slow to make it, once more.
        for (var attempt = 0; ; attempt++)
        {
            if (Directory.Exists(run)) Directory.Delete(run, recursive: true);
            var setting = Path.Combine(folder, "clock");
            File.WriteAllText(setting, clock.StartText);
            using var process = Child.Start(TinyTrial.Command(At("tiny.json"), run, Epochs), EnvironmentOf(clock, setting));
            var jumped = clock.Jump is null || JumpInTheRun(clock, setting, run, process);
            var ended = Child.EndOf(process);
            if (jumped || ended.ExitCode != 0) return ended;
            Assert.That(attempt, Is.LessThan(10), "The run was always over before its clock could jump.");
        }
    }

    private static bool JumpInTheRun(ClockCase clock, string setting, string run, System.Diagnostics.Process process)
    {
        var log = new FileInfo(Path.Combine(run, "metrics.jsonl"));
        while (log is not { Exists: true, Length: > 0 } && !process.HasExited)
        {
            Thread.Yield();
            log.Refresh();
        }
        File.WriteAllText(setting + ".new", clock.JumpText);
        File.Move(setting + ".new", setting, overwrite: true);
        return !process.HasExited;
    }

    private static Dictionary<string, string> EnvironmentOf(ClockCase clock, string setting)
    {
        var environment = new Dictionary<string, string>
        {
            ["LD_PRELOAD"] = Needs.FakeTimeLibrary!,
            // As in the real world: setting a clock does not touch the one that measures durations.
            ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1",
            ["TZ"] = clock.Zone,
            // What is set already is not set again by the program: libfaketime reads the environment in every thread that asks for the time,
            // and libc allows no change at that moment.
            ["GOMP_SPINCOUNT"] = "10000",
        };
        if (clock.Jump is null)
        {
            environment["FAKETIME"] = clock.StartText;
            return environment;
        }
        // A file, read again whenever the time is asked for.
        environment["FAKETIME_TIMESTAMP_FILE"] = setting;
        environment["FAKETIME_NO_CACHE"] = "1";
        return environment;
    }

    private static string? ProblemWithTimes(ClockCase clock, string run)
    {
        var updated = Read(run, "status.json")["updatedAt"]!.GetValue<DateTimeOffset>();
        if ((updated - clock.End).Duration() > TimeSpan.FromHours(1) * Math.Max(1, clock.Speed)) return $"it was not asked: status.json is of {updated}";
        var seconds = Read(run, "summary.json")["elapsedSeconds"]!.GetValue<double>();
        if (seconds is < 0 or > 300) return $"the run took {seconds} s";
        var lines = File.ReadAllLines(Path.Combine(run, "metrics.jsonl")).Select(line => JsonNode.Parse(line)!).ToList();
        if (lines.Any(line => line["imagesPerSecond"]?.GetValue<double>() is <= 0)) return "images per second are not above 0";
        var numbers = lines.Select(line => line["seq"]!.GetValue<int>());
        return numbers.SequenceEqual(Enumerable.Range(0, lines.Count)) ? null : $"the lines are numbered {string.Join(", ", numbers)}";
    }

    private static JsonNode Read(string run, string name) => JsonNode.Parse(File.ReadAllText(Path.Combine(run, name)))!;
}
