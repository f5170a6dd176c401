using FixupNet.Runs.Files;

namespace FixupNet.Runs.Tests.Files;

public sealed class NativeSyncTests
{
    [Test]
    [Platform("Linux")]
    public void File_ThrowsWithPathAndReason_WhenTheDeviceRefuses()
    {
        using var device = File.OpenHandle("/dev/null", FileMode.Open, FileAccess.Write);

        // EINVAL is 22: the device cannot sync. Of a folder's sync this is overlooked, of a file's it is not.
        Assert.That(() => NativeSync.File(device, "runs/a.json"), Throws.InstanceOf<IOException>()
            .With.Message.EqualTo("runs/a.json: fsync failed: Invalid argument.").And.Property("HResult").EqualTo(22));
    }
}
