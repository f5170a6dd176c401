using System.Text.RegularExpressions;

namespace FixupNet.Reliability.Tests.Harness;

/// <summary>Kills or fails a command at one of its system calls on files below a folder.</summary>
internal static partial class Strace
{
    // Every way of changing files that the program or its runtime has.
    private const string Calls = "openat,pwrite64,write,ftruncate,fallocate,fsync,fdatasync,rename,renameat,renameat2,link,symlink,unlink,unlinkat,rmdir,mkdir";

    // At the stops of this faster way of tracing no signal can be given.
    private const string Fast = "--seccomp-bpf";

    private const int MostAttempts = 20;

    /// <summary>The calls that a command makes on files below a folder, in their order.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="command">The command, which must succeed.</param>
    internal static IReadOnlyList<SyscallPoint> PointsOf(string folder, IReadOnlyList<string> command)
    {
        var (run, lines) = Trace([Fast, "-e", $"trace={Calls}"], command);
        Assert.That(run.ExitCode, Is.Zero, run.Error);
        var points = PointsIn(lines, folder);
        Assert.That(points, Is.Not.Empty);
        return points;
    }

    /// <summary>Runs a command that is killed before a call.</summary>
    /// <param name="point">The call, as another run of the same command made it.</param>
    /// <param name="attempt">The command.</param>
    internal static Disturbed KilledAt(SyscallPoint point, Attempt attempt) => With(point, "signal=KILL", [], attempt);

    /// <summary>Runs a command that is sent a signal at a call.</summary>
    /// <param name="point">The call, as another run of the same command made it.</param>
    /// <param name="signal">The signal, such as "TERM".</param>
    /// <param name="attempt">The command.</param>
    internal static Disturbed SignalledAt(SyscallPoint point, string signal, Attempt attempt) => With(point, $"signal={signal}", [], attempt);

    /// <summary>Runs a command one call of which fails without doing anything.</summary>
    /// <param name="point">The call, as another run of the same command made it.</param>
    /// <param name="error">What the call returns, such as "ENOSPC".</param>
    /// <param name="attempt">The command.</param>
    internal static Disturbed FailedAt(SyscallPoint point, string error, Attempt attempt) => With(point, $"error={error}", [Fast], attempt);

    /// <summary>The words to put before a command to make one of its calls wait before it does anything. The process started is the command's own.</summary>
    /// <param name="point">The call, as another run of the same command made it.</param>
    /// <param name="seconds">How long.</param>
    internal static IReadOnlyList<string> Slowed(SyscallPoint point, int seconds) =>
        ["strace", "-E", "DOTNET_PROCESSOR_COUNT=1", "-D", "-f", "-o", "/dev/null", "-e", $"trace={point.Call}", "-e", $"inject={point.Call}:delay_enter={seconds}000000:when={point.Occurrence}"];

    private static Disturbed With(SyscallPoint point, string fault, IReadOnlyList<string> options, Attempt attempt)
    {
        var occurrence = point.Occurrence;
        for (var count = 0; count < MostAttempts; count++)
        {
            var folder = attempt.NewFolder();
            var (run, lines) = Trace([.. options, "-e", $"trace={point.Call}", "-e", $"inject={point.Call}:{fault}:when={occurrence}"], attempt.Command(folder));
            var points = PointsIn(lines, folder);
            var hit = points.FirstOrDefault(other => other.Occurrence == occurrence);
            if (hit is not null && hit with { Occurrence = point.Occurrence } == point) return new Disturbed(folder, run);
            // All runs make the same calls on the folder, but the runtime may read a file more or less before: once more, at the place that the call had in this run.
            occurrence = points.FirstOrDefault(other => other.Ordinal == point.Ordinal)?.Occurrence ?? occurrence + 1;
        }
        throw new InvalidOperationException($"{point} was missed {MostAttempts} times.");
    }

    // strace counts the calls of each thread for itself; on the folder's files one thread works alone.
    private static List<SyscallPoint> PointsIn(IReadOnlyList<(int Thread, string Call, string Arguments)> lines, string folder)
    {
        var (counts, points) = (new Dictionary<(int, string), int>(), new List<SyscallPoint>());
        foreach (var (thread, call, arguments) in lines)
        {
            var occurrence = counts[(thread, call)] = counts.GetValueOrDefault((thread, call)) + 1;
            if (SyscallPoint.Of(folder, call, arguments) is not { } point) continue;
            Assert.That(thread, Is.EqualTo(lines[0].Thread), $"{point} is made by another thread than the main one.");
            points.Add(point with { Occurrence = occurrence, Ordinal = points.Count(other => other.Call == call) + 1 });
        }
        return points;
    }

    private static (ProgramRun Run, IReadOnlyList<(int Thread, string Call, string Arguments)> Lines) Trace(
        IReadOnlyList<string> options, IReadOnlyList<string> command)
    {
        var output = Path.GetTempFileName();
        try
        {
            // On one processor nothing is loaded ahead on another thread, which would take calls from the main one in one run and not in the next.
            var run = Child.Run(["strace", "-E", "DOTNET_PROCESSOR_COUNT=1", "-f", "-y", "-s", "0", "-o", output, .. options, .. command]);
            return (run, [.. File.ReadLines(output).Select(line => CallPattern().Match(line)).Where(match => match.Success)
                .Select(match => (int.Parse(match.Groups[1].ValueSpan, null), match.Groups[2].Value, match.Groups[3].Value))]);
        }
        finally
        {
            File.Delete(output);
        }
    }

    [GeneratedRegex(@"^(\d+) +(\w+)(\(.*)$")]
    private static partial Regex CallPattern();
}
