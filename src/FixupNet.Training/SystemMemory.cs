using System.Globalization;

namespace FixupNet.Training;

/// <summary>Memory that the system would still give to this process.</summary>
public static class SystemMemory
{
    // A control group without a limit states a number near 2^63 (version 1) or "max" (version 2).
    private const long NoLimit = long.MaxValue / 2;

    /// <summary>Bytes free: the machine's, or what its control group leaves this process, whichever is less.</summary>
    public static long FreeBytes => OperatingSystem.IsLinux() ? FreeBytesUnder("/") : FreeBytesOfRuntime();

    /// <summary>The same, read from the files of Linux below another root.</summary>
    internal static long FreeBytesUnder(string root)
    {
        var machine = File.ReadLines(Path.Combine(root, "proc/meminfo")).First(line => line.StartsWith("MemAvailable:", StringComparison.Ordinal));
        return ControlGroups(root).Select(FreeBytesOfGroup).Append(Number(machine) * 1024).Min();
    }

    private static long FreeBytesOfRuntime()
    {
        var info = GC.GetGCMemoryInfo();
        return Math.Max(0, info.TotalAvailableMemoryBytes - info.MemoryLoadBytes);
    }

    // Every group above the process's own limits it too. A container often sees its own group at the root, whatever its name outside.
    private static IEnumerable<string> ControlGroups(string root)
    {
        var file = Path.Combine(root, "proc/self/cgroup");
        if (!File.Exists(file)) yield break;
        foreach (var line in File.ReadLines(file))
        {
            if (line.Split(':', 3) is not [_, var controllers, var path]) continue;
            if (controllers.Length > 0 && !controllers.Split(',').Contains("memory")) continue;
            var mount = Path.Combine(root, controllers.Length == 0 ? "sys/fs/cgroup" : "sys/fs/cgroup/memory");
            for (var group = path.Trim('/'); ; group = Path.GetDirectoryName(group) ?? "")
            {
                yield return Path.Combine(mount, group);
                if (group.Length == 0) break;
            }
        }
    }

    private static long FreeBytesOfGroup(string folder)
    {
        var limit = Value(folder, "memory.max") ?? Value(folder, "memory.limit_in_bytes");
        var used = Value(folder, "memory.current") ?? Value(folder, "memory.usage_in_bytes");
        if (limit is not < NoLimit || used is null) return long.MaxValue;
        // Cached files count as used but give way.
        var cached = Statistic(folder, "total_inactive_file") ?? Statistic(folder, "inactive_file") ?? 0;
        return Math.Max(0, limit.Value - used.Value + cached);
    }

    private static long? Value(string folder, string name)
    {
        var file = Path.Combine(folder, name);
        if (!File.Exists(file)) return null;
        var text = File.ReadAllText(file).Trim();
        return text == "max" ? long.MaxValue : long.Parse(text, CultureInfo.InvariantCulture);
    }

    private static long? Statistic(string folder, string name)
    {
        var file = Path.Combine(folder, "memory.stat");
        if (!File.Exists(file)) return null;
        return File.ReadLines(file).FirstOrDefault(line => line.StartsWith(name + " ", StringComparison.Ordinal)) is { } line ? Number(line) : null;
    }

    // "MemAvailable:   123 kB" and "inactive_file 123"
    private static long Number(string line) =>
        long.Parse(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
}
