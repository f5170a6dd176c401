using FixupNet.Training.Data;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace FixupNet.Training.Augmentation;

/// <summary>Random crops after zero padding and random horizontal flips, for a whole batch in one gather.</summary>
/// <remarks>The published recipe (He et al. 2016, Sec. 4.2): 4 black pixels on each side, a crop of the original size, flips with probability ½.</remarks>
public sealed class CropAndFlip(bool crop, bool flip)
{
    private const int Padding = 4;
    private const int PaddedSide = ImageSet.Side + 2 * Padding;

    /// <summary>Whether images change at all.</summary>
    public bool IsActive => crop || flip;

    /// <summary>Varies each image by its own random stream.</summary>
    /// <param name="pixels">Images [N,3,32,32], uint8.</param>
    /// <param name="seeds">One seed an image.</param>
    /// <returns>Fresh tensor [N,3,32,32], uint8.</returns>
    public Tensor Apply(Tensor pixels, ReadOnlySpan<ulong> seeds)
    {
        using var scope = NewDisposeScope();
        var count = seeds.Length;
        var top = new long[count];
        var left = new long[count];
        var mirrored = new long[count];
        for (var i = 0; i < count; i++)
        {
            // The three numbers are always drawn, so that switching one variation off leaves the other as it was.
            var random = new CounterRandom(seeds[i]);
            var (y, x, mirror) = (random.NextInt(2 * Padding + 1), random.NextInt(2 * Padding + 1), random.NextInt(2));
            (top[i], left[i]) = crop ? (y, x) : (Padding, Padding);
            mirrored[i] = flip ? mirror : 0;
        }
        var device = pixels.device;
        var offsets = arange(ImageSet.Side, int64, device);
        var mirror1 = Column(mirrored, device);
        var columns = Column(left, device) + mirror1 * (ImageSet.Side - 1) + (1 - 2 * mirror1) * offsets.view(1, 1, -1);
        var rows = Column(top, device) + offsets.view(1, -1, 1);
        var index = (rows * PaddedSide + columns).view(count, 1, -1).expand(count, ImageSet.Channels, -1);
        var padded = F.pad(pixels, [Padding, Padding, Padding, Padding]).view(count, ImageSet.Channels, -1);
        return padded.gather(2, index).view(count, ImageSet.Channels, ImageSet.Side, ImageSet.Side).MoveToOuterDisposeScope();
    }

    private static Tensor Column(long[] values, Device device) => tensor(values, [values.Length, 1, 1]).to(device);
}
