using FixupNet.Engine.DepthFirst.Kernels;

namespace FixupNet.Engine.DepthFirst;

/// <summary>The sizes of a basic block's tensors: two 3×3 convolutions and a shortcut.</summary>
internal class BlockShape(ConvolutionLayer first, ConvolutionLayer second, ConvolutionLayer shortcut, int inHeight, int inWidth)
{
    internal ConvolutionLayer First { get; } = first;

    internal ConvolutionLayer Second { get; } = second;

    /// <summary>The convolution on the shortcut, if there is one.</summary>
    internal ConvolutionLayer Shortcut { get; } = shortcut;

    internal int OutHeight { get; } = AfterStride(inHeight, first.Stride);

    internal int OutWidth { get; } = AfterStride(inWidth, first.Stride);

    /// <summary>Whether the shortcut is the identity.</summary>
    internal bool KeepsShape => First.Stride == 1 && First.InChannels == First.OutChannels && !Shortcut.Exists;

    internal int InPixels => inHeight * inWidth;

    internal int OutPixels => OutHeight * OutWidth;

    internal long InElements => (long)EnginePlan.Pad(First.InChannels) * InPixels;

    internal long OutElements => (long)EnginePlan.Pad(Second.OutChannels) * OutPixels;

    /// <summary>Floats of scratch that any of its kernels needs.</summary>
    internal long ScratchElements
    {
        get
        {
            var scratch = WinogradScratch.Count(Tiles(images: 1));
            if (!KeepsShape) scratch = Math.Max(scratch, Patches(First).ScratchCount);
            return Shortcut.Exists ? Math.Max(scratch, Patches(Shortcut).ScratchCount) : scratch;
        }
    }

    /// <summary>Shape of every 3×3 convolution with stride 1 of the block.</summary>
    internal TileShape Tiles(int images)
    {
        var channels = EnginePlan.Pad(Second.OutChannels);
        return new TileShape(images, channels, channels, OutHeight, OutWidth);
    }

    /// <summary>Shape of the first or the shortcut convolution of a block that changes the shape.</summary>
    internal PatchShape Patches(in ConvolutionLayer layer) => new(layer.InChannels, layer.OutChannels, layer.Kernel, layer.Stride, inHeight, inWidth);

    /// <summary>Shape of what is kept of x where there is no shortcut convolution.</summary>
    internal SampleShape Samples(int images) => new(images, First.InChannels, Second.OutChannels, inHeight, inWidth, First.Stride);

    /// <exception cref="ArgumentException">The block does not fit what comes, or its own parts.</exception>
    internal void RequireSupported(int index, int channels)
    {
        var where = $"block {index}: ";
        EnginePlan.Require(First.InChannels == channels, where + "takes other channels than come");
        EnginePlan.Require(First.Kernel == 3 && Second.Kernel == 3, where + "both convolutions must be 3x3");
        EnginePlan.Require(Second.Stride == 1, where + "only the first convolution may have a stride");
        EnginePlan.Require(
            Second.InChannels == First.OutChannels && Second.OutChannels == First.OutChannels,
            where + "the second convolution must keep the channels of the first");
        EnginePlan.Require(
            !Shortcut.Exists || (Shortcut.InChannels == First.InChannels && Shortcut.OutChannels == Second.OutChannels && Shortcut.Stride == First.Stride),
            where + "the shortcut does not fit the branch");
    }

    private static int AfterStride(int size, int stride) => (size + stride - 1) / stride;
}
