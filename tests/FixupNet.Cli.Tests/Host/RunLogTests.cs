using FixupNet.Cli.Host;
using FixupNet.Runs;

namespace FixupNet.Cli.Tests.Host;

internal sealed class RunLogTests
{
    [Test]
    [Platform("Linux", Reason = "only there is a device that is always full")]
    public void Dispose_IsQuiet_WhenTheDiskIsFull()
    {
        var folder = Directory.CreateTempSubdirectory("fixupnet-");
        var run = new TrialDirectory(folder.FullName);
        File.CreateSymbolicLink(run.TextLogFile, "/dev/full");
        using var console = new StringWriter();
        var log = new RunLog(new ConsoleSink(console));
        log.Open(run).Information("It goes on");

        Assert.That(log.Dispose, Throws.Nothing);

        Assert.That((console.ToString().Contains("It goes on"), log.HasFiles), Is.EqualTo((true, false)));
        folder.Delete(recursive: true);
    }
}
