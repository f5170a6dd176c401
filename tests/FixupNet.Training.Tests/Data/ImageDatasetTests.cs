using FixupNet.Training.Data;

namespace FixupNet.Training.Tests.Data;

public sealed class ImageDatasetTests
{
    private static ImageDataset Dataset(int changedPixel = -1, byte testLabel = 0)
    {
        var pixels = new byte[ImageSet.BytesPerImage];
        if (changedPixel >= 0) pixels[changedPixel] = 1;
        return new("tiny", new ImageSet(pixels, [1]), new ImageSet(new byte[ImageSet.BytesPerImage], [testLabel]), ["a", "b"], ChannelNormalization.Grey(0.5, 0.25));
    }

    [Test]
    public void Digest_IsTheSameForTheSameContent()
    {
        var (first, second) = (Dataset(), Dataset());

        Assert.That(first.Digest, Is.EqualTo(second.Digest).And.Length.EqualTo(64));
    }

    [TestCase(0)]
    [TestCase(3071)]
    public void Digest_Differs_WhenOneBitDiffers(int pixel) => Assert.That(Dataset(pixel).Digest, Is.Not.EqualTo(Dataset().Digest));

    [Test]
    public void Digest_Differs_WhenALabelDiffers() => Assert.That(Dataset(testLabel: 1).Digest, Is.Not.EqualTo(Dataset().Digest));

    [Test]
    public void Constructor_Throws_WhenALabelHasNoName() =>
        Assert.That(() => Dataset(testLabel: 2), Throws.ArgumentException.With.Message.Contains("label 2"));
}
