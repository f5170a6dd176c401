using FixupNet.Engine.DepthFirst.Kernels;

namespace FixupNet.Engine.DepthFirst;

/// <summary>A convolution at its place in a network: which kernel computes it, and how large everything is.</summary>
/// <param name="layer">The convolution.</param>
/// <param name="height">Height of its input.</param>
/// <param name="width">Width of its input.</param>
/// <param name="mayTile">Whether Winograd's kernels may be used.</param>
internal sealed class PlannedConvolution(ConvolutionLayer layer, int height, int width, bool mayTile = true)
{
    // On smaller images most of a tile is padding, and transforming the weights costs more than the products saved.
    private const int SmallestTiled = 4;

    internal ConvolutionLayer Layer { get; } = layer;

    /// <summary>Whether Winograd's kernels compute it; else products of patches do.</summary>
    internal bool IsTiled { get; } = mayTile && layer is { Kernel: 3, Stride: 1 } && Math.Min(height, width) >= SmallestTiled;

    internal int OutHeight => (height + Layer.Stride - 1) / Layer.Stride;

    internal int OutWidth => (width + Layer.Stride - 1) / Layer.Stride;

    internal int InPixels => height * width;

    internal int OutPixels => OutHeight * OutWidth;

    internal long InElements => (long)EnginePlan.Pad(Layer.InChannels) * InPixels;

    internal long OutElements => (long)EnginePlan.Pad(Layer.OutChannels) * OutPixels;

    /// <summary>Floats of scratch that any direction needs.</summary>
    internal long ScratchElements => IsTiled ? WinogradScratch.Count(Tiles(1)) : Patches.ScratchCount;

    /// <summary>Floats of the weights as the kernel takes them.</summary>
    internal long FilterElements => IsTiled ? WinogradScratch.FilterCount(Tiles(1)) : Patches.FilterCount;

    /// <summary>Multiply-adds of an image, forward, computed directly.</summary>
    internal double MultiplyAdds => (double)Layer.WeightCount * OutPixels;

    internal WeightView View => Layer.View;

    internal PatchShape Patches => new(Layer.InChannels, Layer.OutChannels, Layer.Kernel, Layer.Stride, height, width);

    internal TileShape Tiles(int images) => new(images, EnginePlan.Pad(Layer.InChannels), EnginePlan.Pad(Layer.OutChannels), height, width);

    /// <summary>Shape of what it takes.</summary>
    internal NormShape InShape(int images) => new(images, EnginePlan.Pad(Layer.InChannels) / Products.Block, InPixels);

    /// <summary>Shape of what it gives.</summary>
    internal NormShape OutShape(int images) => new(images, EnginePlan.Pad(Layer.OutChannels) / Products.Block, OutPixels);
}
