namespace FixupNet.Engine.DepthFirst.Kernels;

/// <summary>The convolution of an image [channels][height][width] without bias, with padding kernel/2; its output is in blocks of 16 channels.</summary>
/// <param name="InChannels">Channels of the image.</param>
/// <param name="OutChannels">Channels of the output, as the model counts them.</param>
/// <param name="Kernel">Height and width of a filter, odd.</param>
/// <param name="Stride">Distance of outputs, at least 1.</param>
/// <param name="Height">Height of the image.</param>
/// <param name="Width">Width of the image.</param>
internal readonly record struct StemShape(int InChannels, int OutChannels, int Kernel, int Stride, int Height, int Width)
{
    internal int OutHeight => (Height + Stride - 1) / Stride;

    internal int OutWidth => (Width + Stride - 1) / Stride;

    internal int OutPixels => OutHeight * OutWidth;

    internal int PaddedOut => Pad(OutChannels);

    /// <summary>Values that a row of a filter sees: they lie side by side in the copy of the image.</summary>
    internal int RowSize => Kernel * InChannels;

    /// <summary>Rows of sums for one row of a filter.</summary>
    internal int PaddedRowSize => Pad(RowSize);

    /// <summary>Floats of a row of the copy: pixels with all their channels, and the padding on both sides.</summary>
    internal int CopyPitch => (Width + Kernel - 1) * InChannels;

    /// <summary>Floats of the copy; what is read beyond it is never used.</summary>
    internal int CopySize => Pad(((Height + Kernel - 1) * CopyPitch) + PaddedRowSize);

    /// <summary>Values of one image.</summary>
    internal int InSize => InChannels * Height * Width;

    /// <summary>Elements of one image's output.</summary>
    internal int OutSize => PaddedOut * OutPixels;

    /// <summary>Floats of scratch that any direction needs.</summary>
    internal long ScratchCount => CopySize + ((long)Kernel * PaddedRowSize * PaddedOut);

    private static int Pad(int count) => (count + Products.Block - 1) / Products.Block * Products.Block;
}
