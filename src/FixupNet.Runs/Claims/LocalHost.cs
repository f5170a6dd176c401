namespace FixupNet.Runs.Claims;

/// <summary>Tells this host from others: on the same one, a file lock shows at once whether a process lives.</summary>
public static class LocalHost
{
    /// <summary>Environment variable that overrides <see cref="Id"/>: tests play several hosts on one.</summary>
    public const string IdVariable = "FIXUPNET_HOST_ID";

    /// <summary>The same for processes that see each other: same start of the same kernel, machine name and process namespace. Null where
    /// that is unknown.</summary>
    public static string? Id { get; } = Environment.GetEnvironmentVariable(IdVariable) is { Length: > 0 } given ? given : Detect("/proc");

    /// <summary>Reads the identity from a proc file system.</summary>
    internal static string? Detect(string proc)
    {
        try
        {
            var boot = File.ReadAllText(Path.Combine(proc, "sys/kernel/random/boot_id")).Trim();
            // Two containers of one machine share its boot, but may each have mounted the folder by a program of its own, whose locks the
            // other does not see.
            var processes = new FileInfo(Path.Combine(proc, "self/ns/pid")).LinkTarget;
            return boot.Length > 0 ? $"{boot} {Environment.MachineName} {processes}" : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
