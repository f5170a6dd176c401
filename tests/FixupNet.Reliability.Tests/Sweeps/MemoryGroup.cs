namespace FixupNet.Reliability.Tests.Sweeps;

/// <summary>A control group with little memory, for as long as it is not disposed of.</summary>
internal sealed class MemoryGroup : IDisposable
{
    private const string Version1 = "/sys/fs/cgroup/memory";
    private const string Version2 = "/sys/fs/cgroup";

    private readonly string _folder;

    private MemoryGroup(string folder) => _folder = folder;

    /// <summary>A command that joins the group and then becomes another one, given as its further arguments.</summary>
    public IReadOnlyList<string> Joining => ["sh", "-c", $"echo $$ > {_folder}/cgroup.procs && exec \"$@\"", "sh"];

    /// <summary>Creates a group; the test is skipped where that cannot be done.</summary>
    /// <param name="bytes">How much memory its processes have, all together.</param>
    public static MemoryGroup Create(long bytes)
    {
        var isFirst = File.Exists($"{Version1}/memory.limit_in_bytes");
        var folder = Path.Combine(isFirst ? Version1 : Version2, $"fixupnet-{Guid.NewGuid():N}");
        try
        {
            Directory.CreateDirectory(folder);
            File.WriteAllText(Path.Combine(folder, isFirst ? "memory.limit_in_bytes" : "memory.max"), $"{bytes}");
            return new MemoryGroup(folder);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            if (Directory.Exists(folder)) Directory.Delete(folder);
            Assert.Ignore($"needs a memory control group, which only root can create on most machines: {error.Message}");
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(_folder); // the kernel's way to end a group, though it shows files in it
}
