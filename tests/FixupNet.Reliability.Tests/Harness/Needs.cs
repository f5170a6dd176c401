using System.Collections.Concurrent;
using System.ComponentModel;

namespace FixupNet.Reliability.Tests.Harness;

/// <summary>Whether what a test needs is there, and works.</summary>
internal static class Needs
{
    /// <summary>Somebody who owns nothing.</summary>
    internal static IReadOnlyList<string> AsNobody { get; } = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--"];

    /// <summary>A shell whose mounts nobody else sees; its script follows.</summary>
    internal static IReadOnlyList<string> WithOwnMounts { get; } = ["unshare", "--mount", "--propagation", "private", "sh", "-ec"];

    private static readonly ConcurrentDictionary<Need, bool> s_known = [];

    /// <summary>libfaketime, or null where it is not installed.</summary>
    internal static string? FakeTimeLibrary { get; } = Directory.Exists("/usr/lib")
        ? Directory.EnumerateDirectories("/usr/lib", "*-linux-*").Select(folder => Path.Combine(folder, "faketime", "libfaketimeMT.so.1")).FirstOrDefault(File.Exists)
        : null;

    /// <summary>Whether it is there.</summary>
    internal static bool IsMet(Need need) => s_known.GetOrAdd(need, Probe);

    /// <summary>What to do where it is not.</summary>
    internal static string Remedy(Need need) => need switch
    {
        Need.Strace => "strace is missing or may not trace here (\"./fixupnet test --tools\" installs it).",
        Need.FakeClock => "libfaketime is missing (\"./fixupnet test --tools\" installs it).",
        Need.OtherUser => "only root can become somebody else, who must be able to read the program: run the tests as root, outside of a private folder.",
        Need.OwnMounts => "mounting in a namespace is not allowed here: run the tests as root.",
        _ => "python3 is missing (\"./fixupnet test --tools\" installs it).",
    };

    private static bool Probe(Need need) => OperatingSystem.IsLinux() && need switch
    {
        Need.Strace => Works("strace", "-f", "--seccomp-bpf", "-o", "/dev/null", "-e", "trace=fsync", "-e", "inject=fsync:error=EIO:when=1", "true"),
        Need.FakeClock => FakeTimeLibrary is not null,
        Need.OtherUser => Works([.. AsNobody, "test", "-x", ProgramRun.Program]),
        Need.OwnMounts => Works([.. WithOwnMounts, "mount -t tmpfs none /mnt"]),
        _ => Works("python3", "--version"),
    };

    private static bool Works(params IReadOnlyList<string> command)
    {
        try
        {
            return ProgramRun.Of(command[0], command.Skip(1)).ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false; // there is no such program
        }
    }
}
