namespace FixupNet.Engine.DepthFirst.Kernels;

/// <summary>A convolution without bias, with padding kernel/2, over float32 activations [images][channels/16][height][width][16].</summary>
/// <param name="InChannels">Channels of the input, as the model counts them.</param>
/// <param name="OutChannels">Channels of the output.</param>
/// <param name="Kernel">Height and width of a filter, odd.</param>
/// <param name="Stride">Distance of outputs, at least 1.</param>
/// <param name="Height">Height of the input.</param>
/// <param name="Width">Width of the input.</param>
internal readonly record struct PatchShape(int InChannels, int OutChannels, int Kernel, int Stride, int Height, int Width)
{
    internal int OutHeight => (Height + Stride - 1) / Stride;

    internal int OutWidth => (Width + Stride - 1) / Stride;

    internal int OutPixels => OutHeight * OutWidth;

    internal int PaddedOut => Pad(OutChannels);

    /// <summary>Channels that a patch has of each pixel.</summary>
    internal int PatchChannels => Pad(InChannels);

    /// <summary>Values of a patch: what a filter sees of the input at one place.</summary>
    internal int PatchSize => Kernel * Kernel * PatchChannels;

    /// <summary>Floats from patch to patch; not a power of two, so that patches do not fall on the same cache lines.</summary>
    internal int PatchPitch => Pad(PatchSize) + Products.Block;

    /// <summary>Elements of one image's input.</summary>
    internal int InSize => PatchChannels * Height * Width;

    /// <summary>Elements of one image's output.</summary>
    internal int OutSize => PaddedOut * OutPixels;

    /// <summary>Patches that are gathered at once: some 128 KiB of them, and no fewer than make reading the filters worth while.</summary>
    internal int PatchesAtOnce => Math.Clamp(32 * 1024 / PatchPitch / Products.Block * Products.Block, 4 * Products.Block, 256);

    /// <summary>Images whose outputs are so few that their patches are gathered together.</summary>
    internal int ImagesAtOnce => Math.Max(1, PatchesAtOnce / OutPixels);

    /// <summary>Floats from the outputs of a patch to those of the next, where all outputs of a patch are side by side.</summary>
    internal int OutPitch => PaddedOut + Products.Block;

    /// <summary>Floats of the filters as products take them.</summary>
    internal long FilterCount => (long)PatchSize * PaddedOut;

    /// <summary>Floats of scratch that any direction needs: patches, what belongs to them of the outputs, filters.</summary>
    internal long ScratchCount => ((long)PatchesAtOnce * PatchPitch) + ((long)PatchesAtOnce * OutPitch) + FilterCount;

    private static int Pad(int channels) => (channels + Products.Block - 1) / Products.Block * Products.Block;
}
