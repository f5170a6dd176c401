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
        PatchFilters.Pack(shape, weights, transposed: false, scratch.Filters);
        ForwardPacked(shape, images, input, output, memory, scratch.Filters);
    }

    /// <summary>The same with filters that <see cref="PatchFilters.Pack"/> has written.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void ForwardPacked(in PatchShape shape, int images, float* input, float* output, float* memory, float* filters)
    {
        var scratch = new PatchScratch(shape, memory);
        for (var part = new PatchPart(shape, images); part.Exists; part.Next())
        {
            Gather(shape, part, input, scratch.Patches);
            for (var column = 0; column < shape.PaddedOut; column += Products.Panel)
            {
                var columns = Products.PanelWidth(shape.PaddedOut, column);
                var of = new Products.Operands(shape.PatchPitch, 1, columns, Block, shape.PatchSize, Accumulates: false, SumBlock: part.BlockStep);
                var to = part.IsOfOneImage ? output + part.Place(column / Block) : scratch.Outputs;
                Products.Compute<TLanes>(of, part.Count, columns, scratch.Patches, filters + ((nint)column * shape.PatchSize), to);
                if (!part.IsOfOneImage) part.Spread(to, column, columns, output);
            }
        }
    }

    /// <summary>in gradient = convᵀ(gradient), over what was there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void BackwardData(in PatchShape shape, int images, float* gradient, float* weights, float* inputGradient, float* memory)
    {
        var scratch = new PatchScratch(shape, memory);
        PatchFilters.Pack(shape, weights, transposed: true, scratch.Filters);
        BackwardDataPacked(shape, images, gradient, inputGradient, memory, scratch.Filters);
    }

    /// <summary>The same with filters that <see cref="PatchFilters.Pack"/> has written, transposed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void BackwardDataPacked(in PatchShape shape, int images, float* gradient, float* inputGradient, float* memory, float* filters)
    {
        var scratch = new PatchScratch(shape, memory);
        NativeMemory.Clear(inputGradient, (nuint)images * (nuint)shape.InSize * sizeof(float));
        for (var part = new PatchPart(shape, images); part.Exists; part.Next())
        {
            part.CollectRows(gradient, scratch.Outputs);
            for (var column = 0; column < shape.PatchSize; column += Products.Panel)
            {
                var columns = Products.PanelWidth(shape.PatchSize, column);
                var of = new Products.Operands(shape.OutPitch, 1, columns, shape.PatchPitch, shape.PaddedOut, Accumulates: false);
                Products.Compute<TLanes>(of, part.Count, columns, scratch.Outputs, filters + ((nint)column * shape.PaddedOut), scratch.Patches + column);
            }
            Scatter(shape, part, scratch.Patches, inputGradient);
        }
    }

    /// <summary>weight gradients [out][in][k][k] += those of the filters.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void BackwardWeights(in PatchShape shape, int images, float* input, float* gradient, float* weightGradients, float* memory)
    {
        var scratch = new PatchScratch(shape, memory);
        var isFirst = true;
        for (var part = new PatchPart(shape, images); part.Exists; part.Next())
        {
            Gather(shape, part, input, scratch.Patches);
            for (var column = 0; column < shape.PaddedOut; column += Products.Panel)
            {
                var columns = Products.PanelWidth(shape.PaddedOut, column);
                var of = new Products.Operands(1, shape.PatchPitch, Block, columns, part.Count, Accumulates: !isFirst, VectorBlock: part.BlockStep);
                Products.Compute<TLanes>(
                    of, shape.PatchSize, columns, scratch.Patches, part.Collect(gradient, column, columns, scratch.Outputs), scratch.Filters + ((nint)column * shape.PatchSize));
            }
            isFirst = false;
        }
        PatchFilters.AddGradients(shape, scratch.Filters, weightGradients);
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
