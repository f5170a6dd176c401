using FixupNet.Randomness;
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

    /// <summary>Draws how to vary each image, by its own random stream.</summary>
    /// <param name="seeds">One seed an image, N.</param>
    /// <returns>Fresh tensor [N,3], int64, on the CPU: first row and column of the crop in the padded image, and 1 for a flip.</returns>
    public Tensor Draw(ReadOnlySpan<ulong> seeds)
    {
        var drawn = new long[3 * seeds.Length];
        for (var i = 0; i < seeds.Length; i++)
        {
            // The three numbers are always drawn, so that switching one variation off leaves the other as it was.
            var random = new CounterRandom(seeds[i]);
            var (y, x, mirror) = (random.NextInt(2 * Padding + 1), random.NextInt(2 * Padding + 1), random.NextInt(2));
            (drawn[3 * i], drawn[3 * i + 1]) = crop ? (y, x) : (Padding, Padding);
            drawn[3 * i + 2] = flip ? mirror : 0;
        }
        return tensor(drawn, [seeds.Length, 3]);
    }

    /// <summary>Varies each image.</summary>
    /// <param name="pixels">Images [N,3,32,32], uint8.</param>
    /// <param name="drawn">What <see cref="Draw"/> returned [N,3], int64, on the images' device.</param>
    /// <returns>Fresh tensor [N,3,32,32], uint8.</returns>
    public static Tensor Apply(Tensor pixels, Tensor drawn)
    {
        using var scope = NewDisposeScope();
        var count = pixels.shape[0];
        Tensor Column(int index) => drawn.narrow(1, index, 1).unsqueeze(2);
        var offsets = arange(ImageSet.Side, int64, pixels.device);
        var mirrored = Column(2);
        var columns = Column(1) + mirrored * (ImageSet.Side - 1) + (1 - 2 * mirrored) * offsets.view(1, 1, -1);
        var rows = Column(0) + offsets.view(1, -1, 1);
        var index = (rows * PaddedSide + columns).view(count, 1, -1).expand(count, ImageSet.Channels, -1);
        var padded = F.pad(pixels, [Padding, Padding, Padding, Padding]).view(count, ImageSet.Channels, -1);
        return padded.gather(2, index).view(count, ImageSet.Channels, ImageSet.Side, ImageSet.Side).MoveToOuterDisposeScope();
    }
}
