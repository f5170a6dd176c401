namespace FixupNet.Cli;

/// <summary>What this machine computes with.</summary>
internal static class Machine
{
    /// <summary>Physical cores this process may use, at least 1: two hyper-threads of one core share its vector units.</summary>
    public static int PhysicalCoreCount
    {
        get
        {
            // ProcessorCount already respects affinity and the limits of containers.
            var cores = Cores();
            return cores.Count == 0 ? Environment.ProcessorCount : Math.Min(Environment.ProcessorCount, cores.Count);
        }
    }

    /// <summary>Model of the processor, as far as it is told.</summary>
    public static string ProcessorName
    {
        get
        {
            const string file = "/proc/cpuinfo";
            if (!File.Exists(file)) return Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER") ?? "unknown";
            var line = File.ReadLines(file).FirstOrDefault(text => text.StartsWith("model name", StringComparison.Ordinal));
            return line is null ? "unknown" : line[(line.IndexOf(':') + 1)..].Trim();
        }
    }

    private static HashSet<string> Cores()
    {
        const string root = "/sys/devices/system/cpu";
        if (!Directory.Exists(root)) return [];
        var lists = Directory.EnumerateDirectories(root, "cpu*").Select(cpu => Path.Combine(cpu, "topology", "thread_siblings_list"));
        return [.. lists.Where(File.Exists).Select(File.ReadAllText)];
    }
}
