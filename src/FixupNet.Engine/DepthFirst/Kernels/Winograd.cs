using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FixupNet.Engine.DepthFirst.Kernels;

/// <summary>
/// 3×3 convolutions with stride 1 and padding 1 by Winograd's minimal filtering (arXiv:1509.09308), with a residual block's scalars, ReLU and sum
/// computed while a tile is in registers: F(4×4, 3×3) for values and input gradients, F(3×3, 4×4) for weight gradients.
/// </summary>
/// <remarks>A tile of 4×4 outputs needs 6×6 inputs, and becomes 36 products a pair of channels instead of 144.</remarks>
internal static unsafe class Winograd<TLanes, TValue>
    where TLanes : unmanaged, ILanes<TLanes>
    where TValue : unmanaged, IActivation<TValue>
{
    private const int Block = Products.Block;

    // Never written, never freed: zeros that stand for rows outside an image.
    private static readonly TValue* Zeros = (TValue*)NativeMemory.AllocZeroed(Rows<TValue>.ZeroCount, (nuint)sizeof(TValue));

    /// <summary>out = ReLU(multiplier·conv(in + shift) + bias + skip); the padding around in + shift is 0. skip may be out.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Forward(
        in TileShape shape, in WeightView weights, TValue* input, float shift, in ForwardEnd<TValue> end, TValue* output, float* memory)
    {
        var scratch = new WinogradScratch(shape, memory);
        TransformWeights(shape, weights, backward: false, scratch.Weights);
        if (end.Skip is null)
        {
            var plain = new ForwardTileEnd<TLanes, TValue, No>(end, output);
            Convolve(shape, scratch, input, shift, ref plain);
        }
        else
        {
            var withSkip = new ForwardTileEnd<TLanes, TValue, Yes>(end, output);
            Convolve(shape, scratch, input, shift, ref withSkip);
        }
    }

    /// <summary>out = conv(in + shift); the padding around in + shift is 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Forward(in TileShape shape, in WeightView weights, TValue* input, float shift, TValue* output, float* memory)
    {
        var scratch = new WinogradScratch(shape, memory);
        TransformWeights(shape, weights, backward: false, scratch.Weights);
        var raw = new RawTileEnd<TLanes, TValue>(output);
        Convolve(shape, scratch, input, shift, ref raw);
    }

    /// <summary>out = conv(in), with weights that <see cref="TransformWeights"/> has written.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Forward(in TileShape shape, float* filters, TValue* input, TValue* output, float* memory)
    {
        var raw = new RawTileEnd<TLanes, TValue>(output);
        Convolve(shape, new WinogradScratch(shape, memory, filters), input, 0, ref raw);
    }

    /// <summary>out = multiplier·convᵀ(gradient) + skip where gate is above 0, else 0. skip may be out.</summary>
    internal static void BackwardData(
        in TileShape forward, in WeightView weights, TValue* gradient, ref BackwardEnd<TValue> end, TValue* output, float* memory)
    {
        var filters = new WinogradScratch(forward.Transposed, memory).Weights;
        TransformWeights(forward, weights, backward: true, filters);
        BackwardData(forward, filters, gradient, ref end, output, memory);
    }

    /// <summary>The same with weights that <see cref="TransformWeights"/> has written.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void BackwardData(
        in TileShape forward, float* filters, TValue* gradient, ref BackwardEnd<TValue> end, TValue* output, float* memory)
    {
        var shape = forward.Transposed;
        var scratch = new WinogradScratch(shape, memory, filters);
        var tiles = shape.Images * shape.TileRows * shape.TileColumns;
        for (var first = 0; first < tiles; first += scratch.Tiles)
        {
            var count = Math.Min(scratch.Tiles, tiles - first);
            TransformInputs(shape, scratch, first, count, gradient, 0);
            Multiply(shape, scratch, count);
            if (end.Skip is null) FinishGradients<No>(shape, scratch, first, count, ref end, output);
            else FinishGradients<Yes>(shape, scratch, first, count, ref end, output);
        }
    }

    /// <summary>Writes weights at their 36 points, for the forward pass or for the backward pass to the input.</summary>
    internal static void TransformWeights(in TileShape forward, in WeightView weights, bool backward, float* filters)
    {
        var shape = backward ? forward.Transposed : forward;
        WinogradWeights.Transform<TLanes>(weights, backward, shape.InChannels, shape.OutChannels, filters, new WinogradScratch(shape, null).WeightStep);
    }

    /// <summary>packed[in][9][out] += the gradient of the weights.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void BackwardWeights(in TileShape shape, TValue* input, float shift, TValue* gradient, float* packed, float* memory)
    {
        var scratch = new WinogradScratch(shape, memory);
        NativeMemory.Clear(scratch.Weights, (nuint)(WinogradScratch.Points * scratch.WeightStep * sizeof(float)));
        var tiles = shape.Images * shape.TileRows * shape.TileColumns;
        // Rows are channels in, the tiles are summed over.
        for (var first = 0; first < tiles; first += scratch.Tiles)
        {
            var count = Math.Min(scratch.Tiles, tiles - first);
            TransformInputs(shape, scratch, first, count, input, shift);
            TransformGradients(shape, scratch, first, count, gradient);
            var of = new Products.Operands(1, shape.InChannels, shape.OutChannels, shape.OutChannels, count, Accumulates: true);
            for (var point = 0; point < WinogradScratch.Points; point++)
                Products.Compute<TLanes>(
                    of, shape.InChannels, shape.OutChannels, scratch.In + (point * scratch.InStep), scratch.Out + (point * scratch.OutStep),
                    scratch.Weights + (point * scratch.WeightStep));
        }
        WinogradWeights.AddGradients<TLanes>(scratch.Weights, scratch.WeightStep, shape.InChannels, shape.OutChannels, packed);
    }

    private static void FinishGradients<THasSkip>(
        in TileShape shape, in WinogradScratch scratch, int first, int count, ref BackwardEnd<TValue> end, TValue* output) where THasSkip : IFlag
    {
        var tileEnd = new BackwardTileEnd<TLanes, TValue, THasSkip>(end, output);
        TransformOutputs(shape, scratch, first, count, ref tileEnd);
        end.Sum += TLanes.Sum(tileEnd.All);
        end.GatedSum += TLanes.Sum(tileEnd.Passed);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Convolve<TEnd>(in TileShape shape, in WinogradScratch scratch, TValue* input, float shift, ref TEnd end)
        where TEnd : ITileEnd<TLanes>
    {
        var tiles = shape.Images * shape.TileRows * shape.TileColumns;
        for (var first = 0; first < tiles; first += scratch.Tiles)
        {
            var count = Math.Min(scratch.Tiles, tiles - first);
            TransformInputs(shape, scratch, first, count, input, shift);
            Multiply(shape, scratch, count);
            TransformOutputs(shape, scratch, first, count, ref end);
        }
    }

    /// <summary>The products at all 36 points. Tiles beyond count, up to a block of rows, are computed from what is there and never read.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Multiply(in TileShape shape, in WinogradScratch scratch, int count)
    {
        var rows = (count + Block - 1) / Block * Block;
        var of = new Products.Operands(shape.InChannels, 1, shape.OutChannels, shape.OutChannels, shape.InChannels, Accumulates: false);
        for (var point = 0; point < WinogradScratch.Points; point++)
            Products.Compute<TLanes>(
                of, rows, shape.OutChannels, scratch.In + (point * scratch.InStep), scratch.Weights + (point * scratch.WeightStep),
                scratch.Out + (point * scratch.OutStep));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TransformInputs(in TileShape shape, in WinogradScratch scratch, int first, int count, TValue* input, float shift)
    {
        var (plane, blocks) = ((nint)shape.Height * shape.Width * Block, shape.InChannels / Block);
        for (var block = 0; block < blocks; block++)
        {
            var place = new TilePlace(shape, first);
            for (var t = 0; t < count; t++, place.Next(shape))
                WinogradInput.Transform<TLanes, TValue>(
                    input + (((place.Image * blocks) + block) * plane), Zeros, shape.Height, shape.Width, place.Row, place.Column, shift,
                    scratch.In + (t * (nint)shape.InChannels) + (block * Block), scratch.InStep);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TransformGradients(in TileShape shape, in WinogradScratch scratch, int first, int count, TValue* gradient)
    {
        var (plane, blocks) = ((nint)shape.Height * shape.Width * Block, shape.OutChannels / Block);
        for (var block = 0; block < blocks; block++)
        {
            var place = new TilePlace(shape, first);
            for (var t = 0; t < count; t++, place.Next(shape))
                WinogradGradient.Transform<TLanes, TValue>(
                    gradient + (((place.Image * blocks) + block) * plane), shape.Height, shape.Width, place.Row, place.Column,
                    scratch.Out + (t * (nint)shape.OutChannels) + (block * Block), scratch.OutStep);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TransformOutputs<TEnd>(in TileShape shape, in WinogradScratch scratch, int first, int count, ref TEnd end)
        where TEnd : ITileEnd<TLanes>
    {
        var (plane, blocks) = ((nint)shape.Height * shape.Width * Block, shape.OutChannels / Block);
        for (var block = 0; block < blocks; block++)
        {
            var place = new TilePlace(shape, first);
            for (var t = 0; t < count; t++, place.Next(shape))
                WinogradOutput.Transform<TLanes, TEnd>(
                    scratch.Out + (t * (nint)shape.OutChannels) + (block * Block), scratch.OutStep, ((place.Image * blocks) + block) * plane, shape.Height,
                    shape.Width, place.Row, place.Column, ref end);
        }
    }
}
