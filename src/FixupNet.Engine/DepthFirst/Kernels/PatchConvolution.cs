using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FixupNet.Engine.DepthFirst.Kernels;

/// <summary>Convolutions of any kernel and stride, as products of patches and filters: what Winograd's filtering does not fit.</summary>
/// <remarks>
/// Patches are gathered for some pixels of one image, or of some small images, at a time, so that they stay in the second-level cache. No product is with a zero but
/// at the image's border.
/// </remarks>
internal static unsafe class PatchConvolution<TLanes> where TLanes : unmanaged, ILanes<TLanes>
{
    private const int Block = Products.Block;

    /// <summary>out [images][out/16][pixels][16] = conv(in).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Forward(in PatchShape shape, int images, float* input, float* weights, float* output, float* memory)
    {
        var scratch = new PatchScratch(shape, memory);
        PackFilters(shape, weights, transposed: false, scratch.Filters);
        ForwardPacked(shape, images, input, output, memory, scratch.Filters);
    }

    /// <summary>The same with filters that <see cref="PackFilters"/> has written.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void ForwardPacked(in PatchShape shape, int images, float* input, float* output, float* memory, float* filters)
    {
        var scratch = new PatchScratch(shape, memory);
        var of = new Products.Operands(shape.PatchPitch, 1, shape.PaddedOut, Block, shape.PatchSize, Accumulates: false);
        for (var part = new PatchPart(shape, images); part.Exists; part.Next())
        {
            Gather(shape, part, input, scratch.Patches);
            for (var block = 0; block < shape.PaddedOut / Block; block++)
            {
                var to = part.IsOfOneImage ? output + part.Place(block) : scratch.Outputs;
                Products.Compute<TLanes>(of, part.Count, Block, scratch.Patches, filters + (block * Block), to);
                if (!part.IsOfOneImage) part.Spread(to, block, output);
            }
        }
    }

    /// <summary>in gradient = convᵀ(gradient), over what was there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void BackwardData(in PatchShape shape, int images, float* gradient, float* weights, float* inputGradient, float* memory)
    {
        var scratch = new PatchScratch(shape, memory);
        PackFilters(shape, weights, transposed: true, scratch.Filters);
        BackwardDataPacked(shape, images, gradient, inputGradient, memory, scratch.Filters);
    }

    /// <summary>The same with filters that <see cref="PackFilters"/> has written, transposed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void BackwardDataPacked(in PatchShape shape, int images, float* gradient, float* inputGradient, float* memory, float* filters)
    {
        var scratch = new PatchScratch(shape, memory);
        NativeMemory.Clear(inputGradient, (nuint)images * (nuint)shape.InSize * sizeof(float));
        for (var part = new PatchPart(shape, images); part.Exists; part.Next())
        {
            for (var block = 0; block < shape.PaddedOut / Block; block++)
            {
                var of = new Products.Operands(Block, 1, shape.PatchPitch, shape.PatchPitch, Block, Accumulates: block > 0);
                var from = part.Collect(gradient, block, scratch.Outputs);
                Products.Compute<TLanes>(of, part.Count, shape.PatchSize, from, filters + ((nint)block * Block * shape.PatchPitch), scratch.Patches);
            }
            Scatter(shape, part, scratch.Patches, inputGradient);
        }
    }

    /// <summary>weight gradients [out][in][k][k] += those of the filters.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void BackwardWeights(in PatchShape shape, int images, float* input, float* gradient, float* weightGradients, float* memory)
    {
        var scratch = new PatchScratch(shape, memory);
        NativeMemory.Clear(scratch.Filters, (nuint)shape.FilterCount * sizeof(float));
        for (var part = new PatchPart(shape, images); part.Exists; part.Next())
        {
            Gather(shape, part, input, scratch.Patches);
            var of = new Products.Operands(1, shape.PatchPitch, Block, shape.PaddedOut, part.Count, Accumulates: true);
            for (var block = 0; block < shape.PaddedOut / Block; block++)
                Products.Compute<TLanes>(
                    of, shape.PatchSize, Block, scratch.Patches, part.Collect(gradient, block, scratch.Outputs), scratch.Filters + (block * Block));
        }
        AddGradients(shape, scratch.Filters, weightGradients);
    }

    /// <summary>Filters as [patch size][out], or transposed as [out][patch pitch]; what the model does not have is 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void PackFilters(in PatchShape shape, float* weights, bool transposed, float* filters)
    {
        NativeMemory.Clear(filters, (nuint)shape.FilterCount * sizeof(float));
        nint taps = shape.Kernel * shape.Kernel, row = shape.InChannels * taps;
        nint patchStep = transposed ? 1 : shape.PaddedOut, outStep = transposed ? shape.PatchPitch : 1;
        // Sixteen filters at once: what is written together lies together, whichever way round.
        for (var first = 0; first < shape.OutChannels; first += Block)
            for (nint tap = 0; tap < taps; tap++)
                for (nint c = 0; c < shape.InChannels; c++)
                {
                    float* from = weights + (first * row) + (c * taps) + tap, to = filters + (first * outStep) + (((tap * shape.PatchChannels) + c) * patchStep);
                    var count = Math.Min(Block, shape.OutChannels - first);
                    for (nint k = 0; k < count; k++) to[k * outStep] = from[k * row];
                }
    }

    // Patches have, pixel by pixel, all channels; sums have all outputs of each of them.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddGradients(in PatchShape shape, float* sums, float* weightGradients)
    {
        nint taps = shape.Kernel * shape.Kernel, row = shape.InChannels * taps;
        for (var first = 0; first < shape.OutChannels; first += Block)
            for (nint c = 0; c < shape.InChannels; c++)
                for (nint tap = 0; tap < taps; tap++)
                {
                    float* from = sums + (((tap * shape.PatchChannels) + c) * shape.PaddedOut) + first, to = weightGradients + (first * row) + (c * taps) + tap;
                    var count = Math.Min(Block, shape.OutChannels - first);
                    for (nint k = 0; k < count; k++) to[k * row] += from[k];
                }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Gather(in PatchShape shape, in PatchPart part, float* input, float* patches)
    {
        for (var image = 0; image < part.Images; image++)
        {
            float* from = input + ((part.FirstImage + image) * (nint)shape.InSize), to = patches + (image * part.CountOfImage * (nint)shape.PatchPitch);
            for (var patch = 0; patch < part.CountOfImage;)
            {
                var row = PatchRow.At(shape, part.First, part.CountOfImage, patch);
                for (var tapRow = 0; tapRow < shape.Kernel; tapRow++)
                    for (var tapColumn = 0; tapColumn < shape.Kernel; tapColumn++) row.Gather(shape, tapRow, tapColumn, from, to);
                patch += row.Count;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Scatter(in PatchShape shape, in PatchPart part, float* patches, float* inputGradient)
    {
        for (var image = 0; image < part.Images; image++)
        {
            float* from = patches + (image * part.CountOfImage * (nint)shape.PatchPitch), to = inputGradient + ((part.FirstImage + image) * (nint)shape.InSize);
            for (var patch = 0; patch < part.CountOfImage;)
            {
                var row = PatchRow.At(shape, part.First, part.CountOfImage, patch);
                for (var tapRow = 0; tapRow < shape.Kernel; tapRow++)
                    for (var tapColumn = 0; tapColumn < shape.Kernel; tapColumn++) row.Scatter<TLanes>(shape, tapRow, tapColumn, from, to);
                patch += row.Count;
            }
        }
    }
}
