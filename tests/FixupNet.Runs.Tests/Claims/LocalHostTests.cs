using FixupNet.Runs.Claims;

namespace FixupNet.Runs.Tests.Claims;

public sealed class LocalHostTests : TemporaryFolderTests
{
    [Test]
    public void Detect_TellsBootMachineAndProcesses()
    {
        WriteBoot("5b1d\n");
        Directory.CreateDirectory(At("self/ns"));
        File.CreateSymbolicLink(At("self/ns/pid"), "pid:[42]");

        Assert.That(LocalHost.Detect(Folder), Is.EqualTo($"5b1d {Environment.MachineName} pid:[42]"));
    }

    [Test]
    public void Detect_KnowsNothing_WhereTheSystemTellsNothing() => Assert.That(LocalHost.Detect(At("none")), Is.Null);

    [Test]
    public void Detect_KnowsNothing_WhenTheBootHasNoNumber()
    {
        WriteBoot("\n");

        Assert.That(LocalHost.Detect(Folder), Is.Null);
    }

    [Test]
    [Platform("Linux")]
    public void Id_IsKnownHere() => Assert.That(LocalHost.Id, Does.Contain(Environment.MachineName));

    private void WriteBoot(string id)
    {
        Directory.CreateDirectory(At("sys/kernel/random"));
        File.WriteAllText(At("sys/kernel/random/boot_id"), id);
    }
}
