using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FixupNet.Engine.DepthFirst.Kernels;

/// <summary>
/// The first convolution, of an image with few channels: the image is copied once, channels side by side and zeros around it, and every row of a filter
/// then finds what it sees in one piece.
/// </summary>
internal static unsafe class StemConvolution<TLanes> where TLanes : unmanaged, ILanes<TLanes>
{
    private const int Block = Products.Block;

    /// <summary>out [images][out/16][pixels][16] = conv(images).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Forward(in StemShape shape, int images, float* pixels, float* weights, float* output, float* memory)
    {
        float* copy = memory, filters = memory + shape.CopySize;
        PackFilters(shape, weights, filters);
        nint filterRow = shape.PaddedRowSize * shape.PaddedOut;
        NativeMemory.Clear(copy, (nuint)shape.CopySize * sizeof(float));
        for (var image = 0; image < images; image++, pixels += shape.InSize, output += shape.OutSize)
        {
            Interleave(shape, pixels, copy);
            for (var row = 0; row < shape.OutHeight; row++)
                for (var block = 0; block < shape.PaddedOut / Block; block++)
                    for (var tap = 0; tap < shape.Kernel; tap++)
                        Products.Compute<TLanes>(
                            new Products.Operands(shape.Stride * shape.InChannels, 1, shape.PaddedOut, Block, shape.RowSize, Accumulates: tap > 0),
                            shape.OutWidth, Block, copy + (((row * shape.Stride) + tap) * (nint)shape.CopyPitch), filters + (tap * filterRow) + (block * Block),
                            output + ((((nint)block * shape.OutHeight) + row) * shape.OutWidth * Block));
        }
    }

    /// <summary>weight gradients [out][in][k][k] += those of the filters.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void BackwardWeights(in StemShape shape, int images, float* pixels, float* gradient, float* weightGradients, float* memory)
    {
        float* copy = memory, sums = memory + shape.CopySize;
        nint sumRow = shape.PaddedRowSize * shape.PaddedOut;
        NativeMemory.Clear(memory, (nuint)shape.ScratchCount * sizeof(float));
        // Sums beyond a filter's row are computed from what is there and never read.
        var of = new Products.Operands(1, shape.Stride * shape.InChannels, Block, shape.PaddedOut, shape.OutWidth, Accumulates: true);
        for (var image = 0; image < images; image++, pixels += shape.InSize, gradient += shape.OutSize)
        {
            Interleave(shape, pixels, copy);
            for (var row = 0; row < shape.OutHeight; row++)
                for (var block = 0; block < shape.PaddedOut / Block; block++)
                    for (var tap = 0; tap < shape.Kernel; tap++)
                        Products.Compute<TLanes>(
                            of, shape.PaddedRowSize, Block, copy + (((row * shape.Stride) + tap) * (nint)shape.CopyPitch),
                            gradient + ((((nint)block * shape.OutHeight) + row) * shape.OutWidth * Block), sums + (tap * sumRow) + (block * Block));
        }
        for (var k = 0; k < shape.OutChannels; k++)
            for (var c = 0; c < shape.InChannels; c++)
                for (var i = 0; i < shape.Kernel; i++)
                    for (var j = 0; j < shape.Kernel; j++) weightGradients[ModelPlace(shape, k, c, i, j)] += sums[FilterPlace(shape, k, c, i, j)];
    }

    /// <summary>Filters as [row of a filter][value of the row][out]; what the model does not have is 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PackFilters(in StemShape shape, float* weights, float* filters)
    {
        NativeMemory.Clear(filters, (nuint)(shape.Kernel * shape.PaddedRowSize * shape.PaddedOut) * sizeof(float));
        for (var k = 0; k < shape.OutChannels; k++)
            for (var c = 0; c < shape.InChannels; c++)
                for (var i = 0; i < shape.Kernel; i++)
                    for (var j = 0; j < shape.Kernel; j++) filters[FilterPlace(shape, k, c, i, j)] = weights[ModelPlace(shape, k, c, i, j)];
    }

    private static nint ModelPlace(in StemShape shape, int k, int c, int i, int j) => (((((nint)k * shape.InChannels) + c) * shape.Kernel) + i) * shape.Kernel + j;

    private static nint FilterPlace(in StemShape shape, int k, int c, int i, int j) =>
        (((i * (nint)shape.PaddedRowSize) + (j * shape.InChannels) + c) * shape.PaddedOut) + k;

    /// <summary>Copies an image into the middle of the copy, whose border stays 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Interleave(in StemShape shape, float* pixels, float* copy)
    {
        int border = shape.Kernel / 2, channels = shape.InChannels, width = shape.Width;
        for (var c = 0; c < channels; c++)
            for (var y = 0; y < shape.Height; y++, pixels += width)
            {
                var to = copy + ((y + border) * (nint)shape.CopyPitch) + (border * channels) + c;
                for (nint x = 0; x < width; x++) to[x * channels] = pixels[x];
            }
    }
}
