using FixupNet.Randomness;

namespace FixupNet.Training.Data.Images;

/// <summary>Which part of an image a network is shown.</summary>
public static class CropDraws
{
    private const int Tries = 10;

    /// <summary>A random part of random shape, as ImageNet is augmented (torchvision's RandomResizedCrop).</summary>
    /// <param name="random">Draws; the caller's generator goes on.</param>
    /// <param name="width">Columns of the image.</param>
    /// <param name="height">Its rows.</param>
    /// <param name="areas">How large it is.</param>
    /// <returns>A part with an area of U(min, max) of the image's and an aspect ratio between ¾ and 4⁄3, as uniform in its logarithm; after ten
    /// parts that do not fit, the largest one about the centre of a ratio in that range.</returns>
    public static CropBox RandomResized(ref CounterRandom random, int width, int height, CropAreas areas)
    {
        var (leastRatio, mostRatio) = (3 / 4.0, 4 / 3.0);
        for (var i = 0; i < Tries; i++)
        {
            var area = width * (double)height * (areas.Min + (areas.Max - areas.Min) * random.NextDouble());
            var ratio = Math.Exp(Math.Log(leastRatio) + (Math.Log(mostRatio) - Math.Log(leastRatio)) * random.NextDouble());
            var (w, h) = ((int)Math.Round(Math.Sqrt(area * ratio)), (int)Math.Round(Math.Sqrt(area / ratio)));
            if (w < 1 || h < 1 || w > width || h > height) continue;
            var top = random.NextInt(height - h + 1);
            return new CropBox(random.NextInt(width - w + 1), top, w, h);
        }
        var aspect = width / (double)height;
        var (cropWidth, cropHeight) = aspect < leastRatio ? (width, Math.Max(1, (int)Math.Round(width / leastRatio)))
            : aspect > mostRatio ? (Math.Max(1, (int)Math.Round(height * mostRatio)), height) : (width, height);
        return new CropBox((width - cropWidth) / 2, (height - cropHeight) / 2, cropWidth, cropHeight);
    }

    /// <summary>The size of an image whose shorter side is brought to a length, the longer one rounded down.</summary>
    /// <param name="width">Columns.</param>
    /// <param name="height">Rows.</param>
    /// <param name="shorter">The length.</param>
    public static (int Width, int Height) Resized(int width, int height, int shorter) => width <= height
        ? (shorter, (int)((long)shorter * height / width))
        : ((int)((long)shorter * width / height), shorter);

    /// <summary>The part about the centre, halves to even as torchvision rounds.</summary>
    /// <param name="width">Columns of the image, at least <paramref name="size"/>.</param>
    /// <param name="height">Rows, at least as many.</param>
    /// <param name="size">Columns and rows of the part.</param>
    public static CropBox Centre(int width, int height, int size) =>
        new((int)Math.Round((width - size) / 2.0), (int)Math.Round((height - size) / 2.0), size, size);
}

/// <summary>How large random crops are.</summary>
/// <param name="Min">The smallest share of an image's area, in (0, 1].</param>
/// <param name="Max">The largest one, in [<paramref name="Min"/>, 1].</param>
public sealed record CropAreas(double Min = 0.08, double Max = 1);
