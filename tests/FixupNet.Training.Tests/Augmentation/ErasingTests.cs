using FixupNet.Training.Augmentation;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Training.Tests.Augmentation;

internal sealed class ErasingTests
{
    private const int Count = 400;

    // Around a pixel of the image, so that the whole of it lies inside for 17² of 32² pixels.
    [Test]
    public void Cutout_ErasesASquareAroundAPixel()
    {
        using var scope = NewDisposeScope();

        var erased = Erased(new Erasing(16, 0));

        Assert.Multiple(() =>
        {
            Assert.That(erased, Has.All.InRange(64, 256)); // a quarter at a corner
            Assert.That(erased.Count(pixels => pixels == 256) / (double)Count, Is.EqualTo(17 * 17 / 1024.0).Within(0.08)); // 3 standard deviations
        });
    }

    [Test]
    public void RandomErasing_ErasesARectangleOfSomeImages()
    {
        using var scope = NewDisposeScope();

        var erased = Erased(new Erasing(0, 0.25));

        var some = erased.Where(pixels => pixels > 0).ToList();
        Assert.Multiple(() =>
        {
            Assert.That(some.Count / (double)Count, Is.EqualTo(0.25).Within(0.07)); // 3 standard deviations
            Assert.That(some, Has.All.InRange(0.015 * 1024, 0.36 * 1024)); // whole pixels
        });
    }

    [Test]
    public void Draw_DependsOnEachImagesSeedsAlone()
    {
        using var scope = NewDisposeScope();
        var (both, alone) = (new Erasing(8, 0.5), new Erasing(8, 0));

        var whole = both.Draw(10, Seed, Seed).data<long>().ToArray();

        Assert.Multiple(() =>
        {
            Assert.That(both.Draw(3, i => Seed(i + 7), i => Seed(i + 7)).data<long>().ToArray(), Is.EqualTo(whole[^24..]));
            Assert.That(alone.Draw(1, Seed, Seed).data<long>().ToArray()[..4], Is.EqualTo(whole[..4])); // one switched off leaves the other
        });
    }

    [Test]
    public void Apply_SetsTheMeanColour_AndLeavesTheRestAlone()
    {
        using var scope = NewDisposeScope();
        var images = ones([1, 3, 32, 32]);

        var erased = Erasing.Apply(images, tensor(new long[] { 1, 3, 4, 9, 0, 0, 0, 0 }, [1, 8]));

        Assert.Multiple(() =>
        {
            Assert.That(erased.narrow(2, 1, 2).narrow(3, 4, 5).abs().sum().ToDouble(), Is.Zero);
            Assert.That(erased.sum().ToDouble(), Is.EqualTo(3 * (1024 - 10)));
            Assert.That(images.sum().ToDouble(), Is.EqualTo(3 * 1024));
        });
    }

    private static ulong Seed(int index) => (ulong)index * 77 + 5;

    private static List<double> Erased(Erasing erasing)
    {
        var drawn = erasing.Draw(Count, Seed, Seed);
        return [.. (1 - Erasing.Apply(ones([Count, 1, 32, 32]), drawn)).sum([1L, 2L, 3L]).data<float>().ToArray().Select(pixels => (double)pixels)];
    }
}
