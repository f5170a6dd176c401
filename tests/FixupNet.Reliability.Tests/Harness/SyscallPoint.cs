using System.Text.RegularExpressions;

namespace FixupNet.Reliability.Tests.Harness;

/// <summary>A system call that a command makes on files below a folder, always as the same one of its kind there.</summary>
/// <param name="Call">The call, such as "fsync".</param>
/// <param name="Occurrence">Which of its kind, from 1, among all that the thread makes, as strace counts.</param>
/// <param name="Ordinal">Which of its kind, from 1, among those on the folder's files.</param>
/// <param name="Target">The files, relative to the folder, with "*" for what is random in their names.</param>
/// <param name="IsCreation">Whether it makes a file or a folder.</param>
internal sealed partial record SyscallPoint(string Call, int Occurrence, int Ordinal, string Target, bool IsCreation)
{
    /// <summary>Whether it changes what others see of the files, or makes a change last: between others there is nothing to lose.</summary>
    internal bool IsChange => Call != "openat" || IsCreation;

    /// <summary>Whether it takes space on the disk.</summary>
    internal bool IsWrite => Call is "pwrite64" or "write" or "ftruncate";

    /// <summary>Whether it is about the log that people read, by which nothing is resumed.</summary>
    internal bool IsLog => Target is "/log.txt" or "/log.jsonl";

    /// <summary>Whether it is of the report, which can be written again from the run's records at any time.</summary>
    internal bool IsReport => Target == "/report" || Target.StartsWith("/report/", StringComparison.Ordinal);

    /// <summary>Reads a line of strace's.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="call">The call.</param>
    /// <param name="arguments">What follows its name.</param>
    /// <returns>The point, still without its numbers; null where the call is about other files.</returns>
    internal static SyscallPoint? Of(string folder, string call, string arguments)
    {
        var taken = arguments.Split(") = ")[0];
        var files = PathPattern().Matches(taken).Select(match => match.Groups[1].Value)
            .Where(path => path == folder || path.StartsWith(folder + "/", StringComparison.Ordinal))
            .Select(path => RandomPart().Replace(path[folder.Length..], "*")).ToList();
        var isCreation = call == "mkdir" || (call == "openat" && taken.Contains("O_CREAT"));
        return files.Count == 0 ? null : new SyscallPoint(call, 0, 0, string.Join(" → ", files), isCreation);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Call} {Ordinal} of {(Target.Length == 0 ? "the folder" : Target)}";

    // A path in quotes, or behind the number of an open file.
    [GeneratedRegex(@"[""<](/[^"">]*)["">]")]
    private static partial Regex PathPattern();

    [GeneratedRegex(@"(?<=[.-])[0-9a-f]{8}(?=[./]|$)")]
    private static partial Regex RandomPart();
}
