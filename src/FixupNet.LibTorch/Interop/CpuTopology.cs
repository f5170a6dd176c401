namespace TorchSharp.Interop;

/// <summary>How many threads pay: two hyper-threads of one core share its vector units, so one thread a core is the default.</summary>
internal static class CpuTopology
{
    /// <summary>Physical cores this process may use, at least 1; OMP_NUM_THREADS, where set, decides instead.</summary>
    internal static int PhysicalCoreCount
    {
        get
        {
            if (int.TryParse(Environment.GetEnvironmentVariable("OMP_NUM_THREADS"), out var asked) && asked > 0) return asked;
            // ProcessorCount already respects affinity and container limits.
            var siblings = SiblingLists();
            return siblings.Count == 0 ? Environment.ProcessorCount : Math.Min(Environment.ProcessorCount, siblings.Count);
        }
    }

    private static HashSet<string> SiblingLists()
    {
        var lists = new HashSet<string>();
        const string root = "/sys/devices/system/cpu";
        if (!Directory.Exists(root)) return lists;
        foreach (var cpu in Directory.EnumerateDirectories(root, "cpu*"))
        {
            var file = Path.Combine(cpu, "topology", "thread_siblings_list");
            if (File.Exists(file)) lists.Add(File.ReadAllText(file));
        }
        return lists;
    }
}
