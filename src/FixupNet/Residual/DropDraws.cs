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

    private sealed class Drawing(DropDraws draws) : IDisposable
    {
        public void Dispose() => draws.Seed = null;
    }
}
