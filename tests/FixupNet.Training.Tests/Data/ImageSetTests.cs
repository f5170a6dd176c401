using FixupNet.Training.Data;

namespace FixupNet.Training.Tests.Data;

public sealed class ImageSetTests
{
    private static ImageSet ThreeImages()
    {
        var pixels = new byte[3 * ImageSet.BytesPerImage];
        for (var index = 0; index < pixels.Length; index++) pixels[index] = (byte)(index / ImageSet.BytesPerImage);
        return new ImageSet(pixels, [7, 8, 9]);
    }

    [Test]
    public void Take_KeepsTheFirstImagesInOrder()
    {
        var taken = ThreeImages().Take(2);

        Assert.That(taken.Labels, Is.EqualTo(new byte[] { 7, 8 }));
        Assert.That(taken.Pixels[^1], Is.EqualTo(1));
        Assert.That(taken.Pixels, Has.Length.EqualTo(2 * 3072));
    }

    [TestCase(0)]
    [TestCase(4)]
    public void Take_Throws_WhenCountIsOutOfRange(int count) =>
        Assert.That(() => ThreeImages().Take(count), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("1 to 3"));

    [Test]
    public void Constructor_Throws_WhenLengthsDiffer() =>
        Assert.That(() => new ImageSet(new byte[3072], [1, 2]), Throws.ArgumentException);
}
