namespace FixupNet.Training.Tests;

public sealed class SystemMemoryTests
{
    private const long Machine = 8_000_000 * 1024L;

    private string _root = "";

    [SetUp]
    public void CreateFolder()
    {
        _root = Directory.CreateTempSubdirectory("fixupnet-").FullName;
        Write("proc/meminfo", "MemTotal:       24000000 kB\nMemFree:          100000 kB\nMemAvailable:    8000000 kB\n");
    }

    [TearDown]
    public void DeleteFolder() => Directory.Delete(_root, recursive: true);

    [Test]
    public void FreeBytes_IsTheMachines_WithoutControlGroups() => Assert.That(SystemMemory.FreeBytesUnder(_root), Is.EqualTo(Machine));

    [Test]
    public void FreeBytes_HeedsTheLimit_OfVersion2()
    {
        Write("proc/self/cgroup", "0::/user.slice/job\n");
        Write("sys/fs/cgroup/user.slice/job/memory.max", "1000000000\n");
        Write("sys/fs/cgroup/user.slice/job/memory.current", "700000000\n");
        Write("sys/fs/cgroup/user.slice/job/memory.stat", "anon 500000000\ninactive_file 100000000\n");

        Assert.That(SystemMemory.FreeBytesUnder(_root), Is.EqualTo(400_000_000));
    }

    [Test]
    public void FreeBytes_HeedsTheGroupsAbove()
    {
        Write("proc/self/cgroup", "0::/user.slice/job\n");
        Write("sys/fs/cgroup/user.slice/job/memory.max", "max\n");
        Write("sys/fs/cgroup/user.slice/job/memory.current", "5\n");
        Write("sys/fs/cgroup/user.slice/memory.max", "2000\n");
        Write("sys/fs/cgroup/user.slice/memory.current", "500\n");

        Assert.That(SystemMemory.FreeBytesUnder(_root), Is.EqualTo(1500));
    }

    [Test]
    public void FreeBytes_HeedsTheLimit_OfVersion1()
    {
        Write("proc/self/cgroup", "5:cpu,cpuacct:/a\n4:memory:/docker/0123\n1:name=systemd:/b\n0::/\n");
        // In a container the group outside is not to be seen; its own files lie at the root.
        Write("sys/fs/cgroup/memory/memory.limit_in_bytes", "200000000\n");
        Write("sys/fs/cgroup/memory/memory.usage_in_bytes", "150000000\n");
        Write("sys/fs/cgroup/memory/memory.stat", "inactive_file 1\ntotal_inactive_file 20000000\n");

        Assert.That(SystemMemory.FreeBytesUnder(_root), Is.EqualTo(70_000_000));
    }

    [Test]
    public void FreeBytes_IsTheMachines_WhenTheGroupHasNoLimit()
    {
        Write("proc/self/cgroup", "4:memory:/\n");
        Write("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
        Write("sys/fs/cgroup/memory/memory.usage_in_bytes", "150000000\n");

        Assert.That(SystemMemory.FreeBytesUnder(_root), Is.EqualTo(Machine));
    }

    [Test]
    public void FreeBytes_IsNone_WhenTheGroupIsBeyondItsLimit()
    {
        Write("proc/self/cgroup", "0::/\n");
        Write("sys/fs/cgroup/memory.max", "100\n");
        Write("sys/fs/cgroup/memory.current", "150\n");

        Assert.That(SystemMemory.FreeBytesUnder(_root), Is.Zero);
    }

    [Test]
    public void FreeBytes_IsSomething_OnThisMachine() => Assert.That(SystemMemory.FreeBytes, Is.InRange(1L << 20, 1L << 50));

    private void Write(string path, string text)
    {
        var file = Path.Combine(_root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }
}
