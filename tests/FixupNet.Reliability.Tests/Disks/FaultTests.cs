using System.Globalization;
using System.Text.RegularExpressions;
using FixupNet.Reliability.Tests.Harness;

namespace FixupNet.Reliability.Tests.Disks;

/// <summary>Promises 3 and 4: a system call that fails, for want of space or because the device reports an error, never costs a checkpoint that was
/// good and is never ignored; the program says which path and ends with 73 or 74, and repeating the command gives what an undisturbed run gives.</summary>
[Requires(Need.Strace)]
internal sealed partial class FaultTests : ReliabilityTest
{
    private sealed record Fault(SyscallPoint Point, string Error)
    {
        public override string ToString() => $"{Error} at {Point}";
    }

    [TestCase(2)]
    [TestCase(int.MaxValue, Category = "Slow")]
    public void FullDisk_CostsNoCheckpoint(int count) => Check(3, count,
        point => point.IsWrite || point.IsCreation || point.Call is "rename" or "fsync",
        point => point.IsWrite ? ["ENOSPC", "EDQUOT", "EIO"] : ["ENOSPC"]);

    [TestCase(2)]
    [TestCase(int.MaxValue, Category = "Slow")]
    public void FailedSync_IsNotIgnored(int count) => Check(4, count, point => point.Call == "fsync", _ => ["EIO", "EDQUOT"]);

    private void Check(int promise, int count, Func<SyscallPoint, bool> isChosen, Func<SyscallPoint, string[]> errors)
    {
        var trials = new Trials(Folder);
        var points = trials.Undisturbed.Points.Where(isChosen).ToList();
        var faults = Cases.Spread([.. points.SelectMany(point => errors(point).Select(error => new Fault(point, error)))], count);

        Cases.Check(faults, fault => ProblemWith(fault, trials));

        var kinds = string.Join(", ", faults.Select(fault => fault.Error).Distinct());
        var calls = faults.Select(fault => fault.Point).Distinct().Count();
        Figures.Note(promise,
            $"{faults.Count} faults ({kinds}) at {calls} of {points.Count} calls, 0 checkpoints lost, 0 faults ignored, 0 mismatches after resuming");
    }

    private static string? ProblemWith(Fault fault, Trials trials)
    {
        var (run, failed) = Strace.FailedAt(fault.Point, fault.Error, trials.FromTheBeginning);
        if (Directory.Exists(run) && CheckpointFiles.ProblemWith(run) is { } problem) return $"after the fault: {problem}";
        if (StepBeingSynced(fault.Point) is { } step && Trials.StepOfLatest(run) >= step)
            return $"latest moved on to step {step}, of which a part may not be on the device";
        // The log for people is the one thing that a run may lose; a report that was not written is told.
        var isTold = fault.Point.IsReport && failed.Error.Contains("The report was not written", StringComparison.Ordinal);
        if (failed.ExitCode == 0) return fault.Point.IsLog || isTold ? trials.ProblemWithEnded(run) : "it was ignored";
        if (failed.ExitCode is not (73 or 74)) return $"exit code {failed.ExitCode}: {failed.Error}";
        var messages = failed.Error.Split('\n').Where(line => line.StartsWith("fixupnet: ", StringComparison.Ordinal)).ToList();
        if (messages is not [var message] || !message.Contains(run)) return $"not one message with the path: {failed.Error}";
        if (failed.Error.Contains("   at ")) return $"there is a stack trace: {failed.Error}";
        return trials.ProblemAfterResuming(run);
    }

    // Of a checkpoint that is not in place yet.
    private static long? StepBeingSynced(SyscallPoint point) =>
        point.Call == "fsync" && UnfinishedCheckpoint().Match(point.Target) is { Success: true } match
            ? long.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture)
            : null;

    [GeneratedRegex(@"/\.tmp-(\d+)-")]
    private static partial Regex UnfinishedCheckpoint();
}
