using System.Diagnostics;
using System.Text.RegularExpressions;

namespace FixupNet.Runs.Tests.Files;

/// <summary>What this process asks of the kernel while something is done: strace attaches to it, and detaches afterwards.</summary>
internal static partial class SystemCalls
{
    private const string Strace = "/usr/bin/strace";

    /// <summary>The writes, fsyncs and renames in a folder, in order: "write .a.txt.tmp", "fsync ." for the folder itself.</summary>
    /// <remarks>The random part of a temporary name is left out. The test is inconclusive where strace is missing or may not attach.</remarks>
    public static IReadOnlyList<string> In(string folder, Action action)
    {
        Assume.That(File.Exists(Strace), "the tool strace shows the system calls");
        var log = Path.GetTempFileName();
        try
        {
            Trace(log, action);
            return [.. File.ReadLines(log).Select(line => Call().Match(line)).Where(call => call.Success).Select(call => Describe(call, folder)).OfType<string>()];
        }
        finally
        {
            File.Delete(log);
        }
    }

    private static void Trace(string log, Action action)
    {
        string[] arguments = ["-f", "-y", "-s", "0", "-o", log, "-e", "trace=write,pwrite64,fsync,rename,renameat2", "-p", $"{Environment.ProcessId}"];
        using var strace = Process.Start(new ProcessStartInfo(Strace, arguments) { RedirectStandardError = true })!;
        var greeting = strace.StandardError.ReadLine() ?? "";
        Assume.That(greeting, Does.Contain("attached"), "strace may not look into this process");
        try
        {
            action();
        }
        finally
        {
            // Interrupted, not killed: it lets go of this process and writes the rest of its log.
            using var kill = Process.Start("sh", ["-c", $"kill -INT {strace.Id}"]);
            strace.StandardError.ReadToEnd();
            strace.WaitForExit();
        }
    }

    private static string? Describe(Match call, string folder)
    {
        var paths = Quoted().Matches(call.Groups["arguments"].Value).Select(path => path.Groups["path"].Value).Where(path => path.StartsWith(folder, StringComparison.Ordinal));
        var names = paths.Select(path => Random().Replace(Path.GetRelativePath(folder, path), "")).ToList();
        var name = call.Groups["name"].Value;
        return names.Count == 0 ? null : $"{(name == "pwrite64" ? "write" : name)} {string.Join(' ', names)}";
    }

    [GeneratedRegex(@"^[0-9]+ +(?<name>[a-z0-9]+)\((?<arguments>.*)")]
    private static partial Regex Call();

    [GeneratedRegex(@"[""<](?<path>/[^"">]*)["">]")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"\.[0-9a-f]{8}(?=\.tmp$)|-[0-9a-f]{8}(?=/|$)")]
    private static partial Regex Random();
}
