using FixupNet.Randomness;
using FixupNet.Training.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Training.Augmentation;

/// <summary>Sets a square or a rectangle of each normalized image to 0, the mean colour: cutout, and random erasing.</summary>
/// <param name="cutout">Side of the square in pixels, around a pixel of the image, beyond whose edge it may reach; 0 for none.</param>
/// <param name="probability">Of a rectangle; 0 for never.</param>
/// <param name="side">Height and width of the images in pixels.</param>
/// <remarks>
/// Cutout: arXiv:1708.04552. Random erasing: arXiv:1708.04896 as torchvision has it: a share of 0.02 to 0.33 of the image, an aspect ratio of 0.3 to 3.3,
/// ten attempts to find one that fits.
/// </remarks>
public sealed class Erasing(int cutout, double probability, int side = ImageSet.Side)
{
    private const int Edges = 4;
    private const int Attempts = 10;

    /// <summary>Whether images change at all.</summary>
    public bool IsActive => cutout > 0 || probability > 0;

    /// <summary>Draws what is erased of each image, by its own random streams.</summary>
    /// <param name="count">N.</param>
    /// <param name="cutoutSeed">The seed of an image's square.</param>
    /// <param name="erasingSeed">The seed of an image's rectangle.</param>
    /// <returns>Fresh tensor [N,8], int64, on the CPU: first row, row after the last, first column and column after the last of both.</returns>
    public Tensor Draw(int count, Func<int, ulong> cutoutSeed, Func<int, ulong> erasingSeed)
    {
        var drawn = new long[2 * Edges * count];
        for (var i = 0; i < count; i++)
        {
            if (cutout > 0) Square(new CounterRandom(cutoutSeed(i)), drawn.AsSpan(2 * Edges * i, Edges));
            if (probability > 0) Rectangle(new CounterRandom(erasingSeed(i)), drawn.AsSpan(2 * Edges * i + Edges, Edges));
        }
        return tensor(drawn, [count, 2 * Edges]);
    }

    /// <summary>Erases what was drawn.</summary>
    /// <param name="images">Normalized images [N,C,H,W].</param>
    /// <param name="drawn">What <see cref="Draw"/> returned [N,8], int64, on the images' device.</param>
    /// <returns>Fresh tensor [N,C,H,W].</returns>
    public static Tensor Apply(Tensor images, Tensor drawn)
    {
        using var scope = NewDisposeScope();
        var rows = arange(images.shape[2], int64, images.device).view(1, 1, -1, 1);
        var columns = arange(images.shape[3], int64, images.device).view(1, 1, 1, -1);
        Tensor Edge(int index) => drawn.narrow(1, index, 1).view(-1, 1, 1, 1);
        foreach (var first in (int[])[0, Edges])
        {
            var inRows = rows.ge(Edge(first)).mul(rows.lt(Edge(first + 1)));
            var inColumns = columns.ge(Edge(first + 2)).mul(columns.lt(Edge(first + 3)));
            images = images.masked_fill(inRows.mul(inColumns), 0);
        }
        return images.MoveToOuterDisposeScope();
    }

    private void Square(CounterRandom random, Span<long> edges)
    {
        var (row, column) = (random.NextInt(side), random.NextInt(side));
        (edges[0], edges[1]) = (Math.Max(0, row - cutout / 2), Math.Min(side, row + cutout / 2));
        (edges[2], edges[3]) = (Math.Max(0, column - cutout / 2), Math.Min(side, column + cutout / 2));
    }

    private void Rectangle(CounterRandom random, Span<long> edges)
    {
        if (random.NextDouble() >= probability) return;
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var area = side * side * (0.02 + (0.33 - 0.02) * random.NextDouble());
            var aspect = Math.Exp(Math.Log(0.3) + (Math.Log(3.3) - Math.Log(0.3)) * random.NextDouble());
            var (height, width) = ((int)Math.Round(Math.Sqrt(area * aspect)), (int)Math.Round(Math.Sqrt(area / aspect)));
            if (height >= side || width >= side) continue;
            var (row, column) = (random.NextInt(side - height + 1), random.NextInt(side - width + 1));
            (edges[0], edges[1], edges[2], edges[3]) = (row, row + height, column, column + width);
            return;
        }
    }
}
