using static TorchSharp.torch;

namespace FixupNet.Residual;

/// <summary>What a <see cref="DropStep"/> sets to 0 as one.</summary>
public enum DroppedPart
{
    /// <summary>Every element by itself: dropout.</summary>
    Elements,

    /// <summary>All of an image's: stochastic depth.</summary>
    Images,
}

/// <summary>Tells the random steps of a network which images of which batch they see; silent outside training steps.</summary>
/// <remarks>
/// What is drawn depends on seed, step and image alone: not on how a batch is cut into parts, nor on whether activations are computed again.
/// </remarks>
public sealed class DropDraws
{
    /// <summary>The batch's seed; null while nothing is drawn.</summary>
    public ulong? Seed { get; private set; }

    /// <summary>In a captured step, the seed of every image for each random step by its name [N], int64, on the device; null elsewhere.</summary>
    public IReadOnlyDictionary<string, Tensor>? SeedsOnDevice { get; private set; }

    /// <summary>The first image's position in the batch.</summary>
    public int FirstImage { get; private set; }

    /// <summary>Begins to draw, until the result is disposed.</summary>
    /// <param name="seed">The batch's seed.</param>
    /// <param name="firstImage">The position in the batch of the first image that passes through the network.</param>
    public IDisposable Begin(ulong seed, int firstImage)
    {
        (Seed, FirstImage) = (seed, firstImage);
        return new Drawing(this);
    }

    /// <summary>Begins to draw on the device from seeds that are known there only, until the result is disposed.</summary>
    /// <param name="seeds">The seed of every image that passes through the network, for each random step by its name [N], int64.</param>
    public IDisposable BeginOnDevice(IReadOnlyDictionary<string, Tensor> seeds)
    {
        SeedsOnDevice = seeds;
        return new Drawing(this);
    }

    private sealed class Drawing(DropDraws draws) : IDisposable
    {
        public void Dispose() => (draws.Seed, draws.SeedsOnDevice) = (null, null);
    }
}
