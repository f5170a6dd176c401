using FixupNet.Runs.Checkpoints;
using FixupNet.Runs.Files;

namespace FixupNet.Runs.Tests.Checkpoints;

internal sealed class HashingStreamTests
{
    [Test]
    public void Write_PassesOnAndHashesEveryByte()
    {
        using var target = new MemoryStream();
        using var stream = new HashingStream(target);

        stream.Write("xa"u8.ToArray(), 1, 1);
        stream.Write("bc"u8);
        stream.Flush();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(target.ToArray(), Is.EqualTo("abc"u8.ToArray()));
            Assert.That((stream.Length, stream.Position), Is.EqualTo((3, 3)));
            Assert.That(stream.Digest(), Is.EqualTo(RunNames.Hash("abc", digits: 64)));
        }
    }

    // Who writes a tensor may ask first; going back would leave a checksum of something else.
    [Test]
    public void Stream_IsForWritingOnwardsOnly()
    {
        using var stream = new HashingStream(new MemoryStream());

        using (Assert.EnterMultipleScope())
        {
            Assert.That((stream.CanWrite, stream.CanRead, stream.CanSeek), Is.EqualTo((true, false, false)));
            Assert.That(() => stream.Seek(0, SeekOrigin.Begin), Throws.TypeOf<NotSupportedException>());
            Assert.That(() => stream.SetLength(0), Throws.TypeOf<NotSupportedException>());
            Assert.That(() => stream.Position = 0, Throws.TypeOf<NotSupportedException>());
        }
    }
}
