using FixupNet.Randomness;
using FixupNet.Training.Data.Images;

namespace FixupNet.Training.Tests.Data.Images;

/// <summary>Resized pixels are those of the Python Imaging Library 9.4 (Image.BILINEAR), and crops those of torchvision.</summary>
public sealed class BilinearResizeTests
{
    [TestCase(37, 23, 16, 16, "7fbcebdfd644b40f")]
    [TestCase(37, 23, 80, 61, "6c7115116e73e007")]
    [TestCase(64, 48, 64, 20, "5629af4fabc0cd34")]
    [TestCase(5, 7, 224, 224, "9c572a443b2e596f")]
    [TestCase(301, 199, 96, 64, "43a4b2c321373c8c")]
    [TestCase(1, 1, 8, 8, "350ee19ed6c4eec9")]
    [TestCase(50, 50, 50, 50, "726686f9a0ebb067")]
    public void Run_GivesTheBytesOfPil(int width, int height, int toWidth, int toHeight, string digest) =>
        Assert.That(ImageDecoderTests.DigestOf(BilinearResize.Run(Waves(width, height), toWidth, toHeight)), Is.EqualTo(digest));

    [Test]
    public void Crop_TakesTheRectangle()
    {
        var image = Waves(7, 5);

        var part = image.Crop(new CropBox(2, 1, 3, 4));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(part.Pixels[..9], Is.EqualTo(image.Pixels[(3 * (7 + 2))..(3 * (7 + 5))]));
            Assert.That(part.Pixels[^9..], Is.EqualTo(image.Pixels[(3 * (4 * 7 + 2))..(3 * (4 * 7 + 5))]));
            Assert.That(() => image.Crop(new CropBox(5, 0, 3, 1)), Throws.TypeOf<ArgumentOutOfRangeException>());
        }
    }

    // Areas are uniform in [0.08, 1] before what does not fit is drawn again: their mean lies below 0.54.
    [Test]
    public void RandomResized_LiesWithin_AndIsAFunctionOfTheSeed()
    {
        var boxes = Enumerable.Range(0, 2000).Select(seed => Draw((ulong)seed, 120, 80)).ToList();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(boxes, Has.All.Matches<CropBox>(box => box.Left >= 0 && box.Top >= 0 && box.Left + box.Width <= 120 && box.Top + box.Height <= 80));
            Assert.That(boxes, Has.All.Matches<CropBox>(box => box.Width / (double)box.Height is > 0.70 and < 1.42)); // ¾ … 4⁄3 before rounding
            Assert.That(boxes.Average(box => box.Width * box.Height / (120.0 * 80)), Is.InRange(0.35, 0.54));
            Assert.That(boxes.Min(box => box.Width * box.Height / (120.0 * 80)), Is.GreaterThan(0.07));
            Assert.That(Enumerable.Range(0, 2000).Select(seed => Draw((ulong)seed, 120, 80)), Is.EqualTo(boxes));
        }
    }

    // No part of 1×500 has a ratio of ¾: all of its width, as high as ¾ allows.
    [TestCase(1, 500, 0, 249, 1, 1)]
    [TestCase(500, 3, 248, 0, 4, 3)]
    public void RandomResized_OfANarrowImage_IsItsMiddle(int width, int height, int left, int top, int boxWidth, int boxHeight) =>
        Assert.That(Draw(1, width, height), Is.EqualTo(new CropBox(left, top, boxWidth, boxHeight)));

    [TestCase(500, 375, 256, 341, 256)]
    [TestCase(375, 500, 256, 256, 341)]
    [TestCase(10, 10, 256, 256, 256)]
    public void Resized_BringsTheShorterSideToALength(int width, int height, int shorter, int toWidth, int toHeight) =>
        Assert.That(CropDraws.Resized(width, height, shorter), Is.EqualTo((toWidth, toHeight)));

    [TestCase(341, 256, 224, 58, 16)]
    [TestCase(225, 224, 224, 0, 0)]
    [TestCase(227, 224, 224, 2, 0)]
    public void Centre_RoundsHalvesToEven(int width, int height, int size, int left, int top) =>
        Assert.That(CropDraws.Centre(width, height, size), Is.EqualTo(new CropBox(left, top, size, size)));

    private static CropBox Draw(ulong seed, int width, int height)
    {
        var random = new CounterRandom(seed);
        return CropDraws.RandomResized(ref random, width, height, new CropAreas());
    }

    internal static RgbImage Waves(int width, int height) => new(width, height,
        [.. Enumerable.Range(0, 3 * width * height).Select(i => (byte)Math.Floor(255 * (0.5 + 0.5 * Math.Sin(0.37 * i + 0.003 * Math.Pow(i % 1009, 2) + 0.11)) + 0.5))]);
}
