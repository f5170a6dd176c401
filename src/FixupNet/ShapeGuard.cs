using static TorchSharp.torch;

namespace FixupNet;

/// <summary>Shape checks of the public entry points.</summary>
internal static class ShapeGuard
{
    /// <summary>Requires a batch of images [N,C,H,W] with the given channel count and nothing empty.</summary>
    /// <exception cref="ShapeMismatchException">The tensor has another shape.</exception>
    internal static void Images(Tensor images, long channelCount)
    {
        var shape = images.shape;
        if (shape.Length != 4 || shape[1] != channelCount || shape.Contains(0))
            throw new ShapeMismatchException(nameof(images), shape, $"[N,{channelCount},H,W], none of them 0");
    }

    /// <summary>Requires two tensors of one shape.</summary>
    /// <exception cref="ShapeMismatchException">The second tensor has another shape.</exception>
    internal static void Same(Tensor expected, Tensor given, string what)
    {
        if (!expected.shape.SequenceEqual(given.shape))
            throw new ShapeMismatchException(what, given.shape, $"[{string.Join(",", expected.shape)}]");
    }
}
