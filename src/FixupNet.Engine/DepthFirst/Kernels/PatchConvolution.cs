using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FixupNet.Engine.DepthFirst.Kernels;

/// <summary>Convolutions of any kernel and stride, as products of patches and filters: what Winograd's filtering does not fit.</summary>
/// <remarks>
/// Patches are gathered for some pixels of one image at a time, so that they stay in the second-level cache. No product is with a zero but at the image's border.
/// </remarks>
internal static unsafe class PatchConvolution<TLanes> where TLanes : unmanaged, ILanes<TLanes>
{
    private const int Block = Products.Block;

    /// <summary>out [images][out/16][pixels][16] = conv(in).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Forward(in PatchShape shape, int images, float* input, float* weights, float* output, float* memory)
    {
        float* patches = memory, filters = memory + (shape.PatchesAtOnce * (nint)shape.PatchPitch);
        PackFilters(shape, weights, filters, transposed: false);
        var of = new Products.Operands(shape.PatchPitch, 1, shape.PaddedOut, Block, shape.PatchSize, Accumulates: false);
        for (var image = 0; image < images; image++, input += shape.InSize, output += shape.OutSize)
            for (var first = 0; first < shape.OutPixels; first += shape.PatchesAtOnce)
            {
                var count = Math.Min(shape.PatchesAtOnce, shape.OutPixels - first);
                Gather(shape, first, count, input, patches);
                for (var block = 0; block < shape.PaddedOut / Block; block++)
                    Products.Compute<TLanes>(
                        of, count, Block, patches, filters + (block * Block), output + ((((nint)block * shape.OutPixels) + first) * Block));
            }
    }

    /// <summary>in gradient = convᵀ(gradient), over what was there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void BackwardData(in PatchShape shape, int images, float* gradient, float* weights, float* inputGradient, float* memory)
    {
        float* patches = memory, filters = memory + (shape.PatchesAtOnce * (nint)shape.PatchPitch);
        PackFilters(shape, weights, filters, transposed: true);
        NativeMemory.Clear(inputGradient, (nuint)images * (nuint)shape.InSize * sizeof(float));
        for (var image = 0; image < images; image++, inputGradient += shape.InSize, gradient += shape.OutSize)
            for (var first = 0; first < shape.OutPixels; first += shape.PatchesAtOnce)
            {
                var count = Math.Min(shape.PatchesAtOnce, shape.OutPixels - first);
                for (var block = 0; block < shape.PaddedOut / Block; block++)
                    Products.Compute<TLanes>(
                        new Products.Operands(Block, 1, shape.PatchPitch, shape.PatchPitch, Block, Accumulates: block > 0), count, shape.PatchSize,
                        gradient + ((((nint)block * shape.OutPixels) + first) * Block), filters + ((nint)block * Block * shape.PatchPitch), patches);
                Scatter(shape, first, count, patches, inputGradient);
            }
    }

    /// <summary>weight gradients [out][in][k][k] += those of the filters.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void BackwardWeights(in PatchShape shape, int images, float* input, float* gradient, float* weightGradients, float* memory)
    {
        float* patches = memory, sums = memory + (shape.PatchesAtOnce * (nint)shape.PatchPitch);
        NativeMemory.Clear(sums, (nuint)shape.PatchPitch * (nuint)shape.PaddedOut * sizeof(float));
        for (var image = 0; image < images; image++, input += shape.InSize, gradient += shape.OutSize)
            for (var first = 0; first < shape.OutPixels; first += shape.PatchesAtOnce)
            {
                var count = Math.Min(shape.PatchesAtOnce, shape.OutPixels - first);
                Gather(shape, first, count, input, patches);
                var of = new Products.Operands(1, shape.PatchPitch, Block, shape.PaddedOut, count, Accumulates: true);
                for (var block = 0; block < shape.PaddedOut / Block; block++)
                    Products.Compute<TLanes>(
                        of, shape.PatchSize, Block, patches, gradient + ((((nint)block * shape.OutPixels) + first) * Block), sums + (block * Block));
            }
        var taps = shape.Kernel * shape.Kernel;
        for (var k = 0; k < shape.OutChannels; k++)
            for (var c = 0; c < shape.InChannels; c++)
            {
                // Patches have, pixel by pixel, all channels.
                float* from = sums + ((nint)c * shape.PaddedOut) + k, to = weightGradients + ((((nint)k * shape.InChannels) + c) * taps);
                for (var tap = 0; tap < taps; tap++) to[tap] += from[(nint)tap * shape.PatchChannels * shape.PaddedOut];
            }
    }

    /// <summary>Filters as [patch size][out], or transposed as [out][patch pitch]; what the model does not have is 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PackFilters(in PatchShape shape, float* weights, float* filters, bool transposed)
    {
        NativeMemory.Clear(filters, (nuint)shape.PatchPitch * (nuint)shape.PaddedOut * sizeof(float));
        var taps = shape.Kernel * shape.Kernel;
        nint patchStep = transposed ? 1 : shape.PaddedOut, outStep = transposed ? shape.PatchPitch : 1;
        for (var k = 0; k < shape.OutChannels; k++)
            for (var c = 0; c < shape.InChannels; c++)
            {
                float* from = weights + ((((nint)k * shape.InChannels) + c) * taps), to = filters + (k * outStep) + (c * patchStep);
                for (var tap = 0; tap < taps; tap++) to[tap * shape.PatchChannels * patchStep] = from[tap];
            }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Gather(in PatchShape shape, int first, int count, float* input, float* patches)
    {
        for (var patch = 0; patch < count;)
        {
            var row = PatchRow.At(shape, first, count, patch);
            for (var tapRow = 0; tapRow < shape.Kernel; tapRow++)
                for (var tapColumn = 0; tapColumn < shape.Kernel; tapColumn++) row.Gather(shape, tapRow, tapColumn, input, patches);
            patch += row.Count;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Scatter(in PatchShape shape, int first, int count, float* patches, float* inputGradient)
    {
        for (var patch = 0; patch < count;)
        {
            var row = PatchRow.At(shape, first, count, patch);
            for (var tapRow = 0; tapRow < shape.Kernel; tapRow++)
                for (var tapColumn = 0; tapColumn < shape.Kernel; tapColumn++) row.Scatter<TLanes>(shape, tapRow, tapColumn, patches, inputGradient);
            patch += row.Count;
        }
    }
}
