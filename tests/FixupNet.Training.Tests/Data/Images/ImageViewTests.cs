using FixupNet.Randomness;
using FixupNet.Training.Data.Images;

namespace FixupNet.Training.Tests.Data.Images;

/// <summary>What a network is shown of an image, however odd its shape.</summary>
public sealed class ImageViewTests
{
    [TestCase(37, 23, 80, 61, 5, 7, 16, 16)]
    [TestCase(301, 199, 96, 64, 20, 0, 56, 56)]
    [TestCase(9, 9, 9, 20, 1, 2, 8, 8)]
    [TestCase(9, 9, 20, 9, 3, 1, 8, 8)]
    public void APartOfAResizedImage_IsThatOfTheWhole(int width, int height, int toWidth, int toHeight, int left, int top, int partWidth, int partHeight)
    {
        var (image, part) = (BilinearResizeTests.Waves(width, height), new CropBox(left, top, partWidth, partHeight));

        Assert.That(BilinearResize.Run(image, toWidth, toHeight, part).Pixels, Is.EqualTo(BilinearResize.Run(image, toWidth, toHeight).Crop(part).Pixels));
    }

    // Resized as a whole, such a line would have 65,535 × 256 columns of 256 rows.
    [TestCase(65_535, 1)]
    [TestCase(1, 65_535)]
    public void Evaluation_OfALine_TakesNoMemory(int width, int height)
    {
        var planes = new byte[3 * 224 * 224];
        var view = new ImageView(224, 256, new CropAreas(), Flip: true);
        var image = new RgbImage(width, height, [.. Enumerable.Repeat((byte)7, 3 * width * height)]);
        var before = GC.GetAllocatedBytesForCurrentThread();

        view.Evaluation(image, planes);
        view.Training(image, seed: 1, planes);

        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.That(planes, Is.All.EqualTo(7));
        Assert.That(allocated, Is.LessThan(5_000_000));
    }

    [Test]
    public void Training_WithoutCrops_IsTheCentre_MirroredOrNot()
    {
        var image = BilinearResizeTests.Waves(20, 17);
        var view = new ImageView(8, 9, Crop: null, Flip: true);
        byte[] Shown(ulong seed)
        {
            var planes = new byte[view.ByteCount];
            view.Training(image, seed, planes);
            return planes;
        }
        var centre = new byte[view.ByteCount];
        view.Evaluation(image, centre);
        byte[] mirrored = [.. centre.Chunk(8).SelectMany(row => row.Reverse())];

        var shown = Enumerable.Range(0, 20).Select(seed => Shown((ulong)seed)).ToList();

        Assert.That(shown.Count(planes => planes.SequenceEqual(centre)) + shown.Count(planes => planes.SequenceEqual(mirrored)), Is.EqualTo(20));
        Assert.That(shown.Count(planes => planes.SequenceEqual(centre)), Is.InRange(4, 16));
    }

    [Test]
    public void PixelBudget_LetsInOnlyWhatFits_ButALargerImageAlone()
    {
        var budget = new PixelBudget(100);
        long now = 0, most = 0;

        Parallel.For(0, 64, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
        {
            var size = i % 8 == 0 ? 500 : 40;
            budget.Run(size, () =>
            {
                var held = Interlocked.Add(ref now, size);
                lock (budget) most = Math.Max(most, held);
                Thread.Yield();
                return Interlocked.Add(ref now, -size);
            });
        });

        Assert.That((now, most), Is.EqualTo((0L, 500L)));
    }
}
