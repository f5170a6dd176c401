using System.Globalization;

namespace FixupNet.Experiments.Sweeps;

/// <summary>Counts the processes that the kernel killed for want of memory: a kill alone is no proof that memory was the cause.</summary>
internal sealed class MemoryKills
{
    // A trial is to die before the worker that started it, which takes far less. In [-1000, 1000].
    private const string TrialFirst = "500";

    private readonly string? _counterFile;
    private readonly long _before;

    private MemoryKills(string? counterFile) => (_counterFile, _before) = (counterFile, Read(counterFile));

    /// <summary>Begins to count those around a process, and makes it the first to be killed.</summary>
    /// <param name="processId">The process.</param>
    public static MemoryKills Watch(int processId)
    {
        if (!OperatingSystem.IsLinux()) return new MemoryKills(null);
        MakeFirst(processId);
        return Watch(ReadOrEmpty($"/proc/{processId}/cgroup"), "/sys/fs/cgroup", "/proc/vmstat");
    }

    /// <summary>Whether there was one since.</summary>
    public bool HaveGrown() => Read(_counterFile) > _before;

    /// <summary>Counts by the process's control group, or by the whole system where that cannot be read.</summary>
    internal static MemoryKills Watch(string groups, string groupsFolder, string systemFile)
    {
        var files = groups.Split('\n').Select(line => line.Split(':', 3)).Where(parts => parts.Length == 3).Select(parts => CounterFile(parts, groupsFolder));
        return new MemoryKills(files.FirstOrDefault(file => file is not null && Read(file) >= 0) ?? systemFile);
    }

    // A line of /proc/PID/cgroup: "4:memory:/path" in version 1, "0::/path" in version 2.
    private static string? CounterFile(string[] parts, string folder) => (parts[0], parts[1].Split(',').Contains("memory")) switch
    {
        (_, true) => $"{folder}/memory{parts[2]}/memory.oom_control",
        ("0", _) => $"{folder}{parts[2]}/memory.events",
        _ => null,
    };

    private static long Read(string? file)
    {
        foreach (var line in file is null ? [] : ReadOrEmpty(file).Split('\n'))
        {
            if (line.StartsWith("oom_kill ", StringComparison.Ordinal) && long.TryParse(line.AsSpan(9), CultureInfo.InvariantCulture, out var count)) return count;
        }
        return -1;
    }

    private static string ReadOrEmpty(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private static void MakeFirst(int processId)
    {
        try
        {
            File.WriteAllText($"/proc/{processId}/oom_score_adj", TrialFirst);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The process has ended already, or the system does not let its order be changed.
        }
    }
}
