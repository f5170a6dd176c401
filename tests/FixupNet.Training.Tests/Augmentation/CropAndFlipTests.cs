using FixupNet.Randomness;
using FixupNet.Training.Augmentation;
using FixupNet.Training.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Training.Tests.Augmentation;

public sealed class CropAndFlipTests
{
    private const int Side = ImageSet.Side;
    private const int Count = 12;

    // No pixel is 0, so that every 0 in a result is padding.
    private static readonly byte[] s_pixels = [.. Enumerable.Range(0, Count * ImageSet.BytesPerImage).Select(i => (byte)(1 + i * 7919L % 255))];

    private static readonly ulong[] s_seeds = [.. Enumerable.Range(0, Count).Select(i => (ulong)(100 + i))];

    [TestCase(true, true)]
    [TestCase(true, false)]
    [TestCase(false, true)]
    [TestCase(false, false)]
    public void Apply_EqualsALoopOverPixels(bool crop, bool flip)
    {
        using var scope = NewDisposeScope();

        var varied = Varied(new CropAndFlip(crop, flip), Pixels());

        using (Assert.EnterMultipleScope())
        {
            Assert.That(varied.dtype, Is.EqualTo(ScalarType.Byte));
            Assert.That(varied.shape, Is.EqualTo(new long[] { Count, 3, Side, Side }));
            Assert.That(varied.bytes.ToArray(), Is.EqualTo(Expected(crop, flip)));
        }
    }

    [Test]
    public void Apply_ReturnsTheImages_WhenBothAreOff()
    {
        using var scope = NewDisposeScope();

        var varied = Varied(new CropAndFlip(crop: false, flip: false), Pixels());

        Assert.That(varied.bytes.ToArray(), Is.EqualTo(s_pixels));
    }

    // The loop above may share a mistake with the product: these are facts about the result alone.
    [Test]
    public void Apply_MirrorsSomeImagesAndLeavesTheOthers_WhenOnlyFlipping()
    {
        using var scope = NewDisposeScope();
        var pixels = Pixels();

        var varied = Varied(new CropAndFlip(crop: false, flip: true), pixels);

        var same = Enumerable.Range(0, Count).Where(i => Equal(varied.select(0, i), pixels.select(0, i))).ToArray();
        var mirrored = Enumerable.Range(0, Count).Where(i => Equal(varied.select(0, i), pixels.select(0, i).flip(2))).ToArray();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(same, Is.Not.Empty);
            Assert.That(mirrored, Is.Not.Empty);
            Assert.That(same.Concat(mirrored), Is.EquivalentTo(Enumerable.Range(0, Count)));
        }
    }

    [Test]
    public void Apply_FillsWithZeroFromOutside_WhenCropping()
    {
        using var scope = NewDisposeScope();

        var varied = Varied(new CropAndFlip(crop: true, flip: false), Pixels());

        for (var i = 0; i < Count; i++)
        {
            var (top, left, _) = Draw(s_seeds[i]);
            var zeros = varied.select(0, i).eq(0).sum().ToInt64();
            Assert.That(zeros, Is.EqualTo(3 * (Side * Side - (Side - Math.Abs(top - 4)) * (Side - Math.Abs(left - 4)))), $"image {i}");
        }
    }

    [Test]
    public void Apply_TakesEveryOffset_WhenCroppingManyImages()
    {
        var offsets = Enumerable.Range(0, 2000).Select(i => Draw((ulong)i)).Select(draw => (draw.Top, draw.Left)).ToHashSet();

        Assert.That(offsets, Has.Count.EqualTo(81));
    }

    [TestCase(true, true, true)]
    [TestCase(true, false, true)]
    [TestCase(false, true, true)]
    [TestCase(false, false, false)]
    public void IsActive_SaysWhetherImagesChange(bool crop, bool flip, bool expected) =>
        Assert.That(new CropAndFlip(crop, flip).IsActive, Is.EqualTo(expected));

    private static Tensor Varied(CropAndFlip variation, Tensor pixels) => CropAndFlip.Apply(pixels, variation.Draw(s_seeds));

    private static Tensor Pixels() => tensor(s_pixels, [Count, 3, Side, Side]);

    private static bool Equal(Tensor left, Tensor right) => left.eq(right).all().ToBoolean();

    private static (int Top, int Left, bool Mirrored) Draw(ulong seed)
    {
        var random = new CounterRandom(seed);
        return (random.NextInt(9), random.NextInt(9), random.NextInt(2) == 1);
    }

    private static byte[] Expected(bool crop, bool flip)
    {
        var result = new byte[s_pixels.Length];
        for (var i = 0; i < result.Length; i++)
        {
            var (image, plane, y, x) = (i / ImageSet.BytesPerImage, i / (Side * Side), i / Side % Side, i % Side);
            var (top, left, mirrored) = Draw(s_seeds[image]);
            if (flip && mirrored) x = Side - 1 - x;
            if (crop) (y, x) = (y + top - 4, x + left - 4);
            if (y is >= 0 and < Side && x is >= 0 and < Side) result[i] = s_pixels[plane * Side * Side + y * Side + x];
        }
        return result;
    }
}
