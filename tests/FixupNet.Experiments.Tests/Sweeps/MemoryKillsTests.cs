using FixupNet.Experiments.Sweeps;
using FixupNet.Experiments.Tests.Configuration;

namespace FixupNet.Experiments.Tests.Sweeps;

internal sealed class MemoryKillsTests
{
    private const string Version1 = "9:name=systemd:/\n4:cpu,memory:/job\n1:cpu:/other\n0::/\n";
    private const string Version2 = "0::/job\n";

    private TemporaryFolder _folder = null!;

    [SetUp]
    public void CreateFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void DeleteFolder() => _folder.Dispose();

    [TestCase(Version1, "memory/job/memory.oom_control")]
    [TestCase(Version2, "job/memory.events")]
    [TestCase("4:memory:/unreadable\n0::/job\n", "job/memory.events")]
    [TestCase("4:memory:/unreadable\n", "vmstat")]
    [TestCase("", "vmstat")]
    public void HaveGrown_CountsThoseOfTheGroup_OrOfTheSystem(string groups, string counter)
    {
        foreach (var name in (string[])["memory/job/memory.oom_control", "job/memory.events", "vmstat"]) Write(name, 4);
        var kills = MemoryKills.Watch(groups, _folder.Path, Path.Combine(_folder.Path, "vmstat"));
        var before = kills.HaveGrown();

        Write(counter, 5);

        Assert.That((before, kills.HaveGrown()), Is.EqualTo((false, true)));
    }

    [Test]
    public void HaveGrown_IgnoresOtherGroups()
    {
        foreach (var name in (string[])["memory/job/memory.oom_control", "memory/other/memory.oom_control", "vmstat"]) Write(name, 4);
        var kills = MemoryKills.Watch(Version1, _folder.Path, Path.Combine(_folder.Path, "vmstat"));

        Write("memory/other/memory.oom_control", 5);
        Write("vmstat", 5);

        Assert.That(kills.HaveGrown(), Is.False);
    }

    [TestCase("")]
    [TestCase("oom_kill many\n")]
    [TestCase("oom_kill_disable 0\n")]
    public void HaveGrown_IsFalse_WhereNothingIsCounted(string content)
    {
        var file = _folder.Write("vmstat", content);

        Assert.That(MemoryKills.Watch("", _folder.Path, file).HaveGrown(), Is.False);
    }

    [Test]
    [Platform("Linux")]
    public void Watch_MakesTheProcessTheFirstToBeKilled()
    {
        using var child = System.Diagnostics.Process.Start("sleep", "60");

        var kills = MemoryKills.Watch(child.Id);

        var order = File.ReadAllText($"/proc/{child.Id}/oom_score_adj").Trim();
        child.Kill();
        Assert.That((order, kills.HaveGrown()), Is.EqualTo(("500", false)));
    }

    private void Write(string name, int count) => _folder.Write(name, $"oom_kill_disable 0\nunder_oom 0\noom_kill {count}\n");
}
