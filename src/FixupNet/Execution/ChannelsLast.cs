using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Execution;

/// <summary>The memory order that convolution libraries compute in on today's CPUs and GPUs.</summary>
internal static class ChannelsLast
{
    /// <summary>The same images with the channels of a pixel side by side in memory; every layer behind keeps that order.</summary>
    /// <remarks>By two permutations around a copy, because TorchSharp has no memory-format argument.</remarks>
    /// <param name="images">Images [N,C,H,W].</param>
    /// <returns>Fresh tensor [N,C,H,W].</returns>
    internal static Tensor Of(Tensor images)
    {
        using var scope = NewDisposeScope();
        return images.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2).MoveToOuterDisposeScope();
    }
}
