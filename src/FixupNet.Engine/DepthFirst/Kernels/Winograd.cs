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
        if (end.Skip is null)
        {
            var plain = new ForwardTileEnd<TLanes, TValue, No>(end, output);
            Convolve(shape, weights, backward: false, scratch, input, shift, ref plain);
        }
        else
        {
            var withSkip = new ForwardTileEnd<TLanes, TValue, Yes>(end, output);
            Convolve(shape, weights, backward: false, scratch, input, shift, ref withSkip);
        }
    }

    /// <summary>out = conv(in + shift); the padding around in + shift is 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Forward(in TileShape shape, in WeightView weights, TValue* input, float shift, TValue* output, float* memory)
    {
        var raw = new RawTileEnd<TLanes, TValue>(output);
        Convolve(shape, weights, backward: false, new WinogradScratch(shape, memory), input, shift, ref raw);
    }

    /// <summary>out = conv(in), with weights that <see cref="TransformWeights"/> has written.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Forward(in TileShape shape, float* filters, TValue* input, TValue* output, float* memory)
    {
        var raw = new RawTileEnd<TLanes, TValue>(output);
        Convolve(shape, default, backward: false, new WinogradScratch(shape, memory, filters), input, 0, ref raw);
    }

    /// <summary>out = multiplier·convᵀ(gradient) + skip where gate is above 0, else 0. skip may be out.</summary>
    internal static void BackwardData(
        in TileShape forward, in WeightView weights, TValue* gradient, ref BackwardEnd<TValue> end, TValue* output, float* memory) =>
        BackwardData(forward.Transposed, weights, new WinogradScratch(forward.Transposed, memory), gradient, ref end, output);

    /// <summary>The same with weights that <see cref="TransformWeights"/> has written.</summary>
    internal static void BackwardData(
        in TileShape forward, float* filters, TValue* gradient, ref BackwardEnd<TValue> end, TValue* output, float* memory) =>
        BackwardData(forward.Transposed, default, new WinogradScratch(forward.Transposed, memory, filters), gradient, ref end, output);

    /// <summary>Writes weights at their 36 points, for the forward pass or for the backward pass to the input.</summary>
    internal static void TransformWeights(in TileShape forward, in WeightView weights, bool backward, float* filters)
    {
        var shape = backward ? forward.Transposed : forward;
        var scratch = new WinogradScratch(shape, null, filters);
        for (var column = 0; column < shape.OutChannels; column += Products.Panel) TransformPanel(shape, weights, backward, scratch, column, scratch.WeightPlace(column));
    }

    /// <summary>packed[in][9][out] += the gradient of the weights.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void BackwardWeights(in TileShape shape, TValue* input, float shift, TValue* gradient, float* packed, float* memory)
    {
        var scratch = new WinogradScratch(shape, memory);
        Prefetch.Weights(packed, shape.InChannels * WinogradWeights.Taps * shape.OutChannels);
        // Rows are channels in, the tiles are summed over.
        var tiles = shape.Images * shape.TileRows * shape.TileColumns;
        for (var first = 0; first < tiles; first += scratch.Tiles)
        {
            var count = Math.Min(scratch.Tiles, tiles - first);
            TransformInputs(shape, scratch, first, count, input, shift);
            for (var column = 0; column < shape.OutChannels; column += Products.Panel)
            {
                var columns = Products.PanelWidth(shape.OutChannels, column);
                TransformGradients(shape, scratch, column, columns, first, count, gradient);
                var of = new Products.Operands(1, shape.InChannels, columns, columns, count, Accumulates: first > 0);
                var sums = scratch.Weights + (tiles > scratch.Tiles ? scratch.WeightPlace(column) : 0);
                var step = scratch.WeightStep(columns);
                for (var point = 0; point < WinogradScratch.Points; point++)
                    Products.Compute<TLanes>(of, shape.InChannels, columns, scratch.In + (point * scratch.InStep), scratch.Out + (point * scratch.OutStep), sums + (point * step));
                if (first + count == tiles) WinogradWeights.AddGradients<TLanes>(sums, step, shape.InChannels, columns, packed + column, shape.OutChannels);
            }
        }
    }

    private static void BackwardData(
        in TileShape shape, in WeightView weights, in WinogradScratch scratch, TValue* gradient, ref BackwardEnd<TValue> end, TValue* output)
    {
        if (end.Skip is null) BackwardData<No>(shape, weights, scratch, gradient, ref end, output);
        else BackwardData<Yes>(shape, weights, scratch, gradient, ref end, output);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void BackwardData<THasSkip>(
        in TileShape shape, in WeightView weights, in WinogradScratch scratch, TValue* gradient, ref BackwardEnd<TValue> end, TValue* output) where THasSkip : IFlag
    {
        var tileEnd = new BackwardTileEnd<TLanes, TValue, THasSkip>(end, output);
        Convolve(shape, weights, backward: true, scratch, gradient, 0, ref tileEnd);
        end.Sum += TLanes.Sum(tileEnd.All);
        end.GatedSum += TLanes.Sum(tileEnd.Passed);
    }

    /// <summary>Without weights, those at their points are there already.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Convolve<TEnd>(
        in TileShape shape, in WeightView weights, bool backward, in WinogradScratch scratch, TValue* input, float shift, ref TEnd end)
        where TEnd : ITileEnd<TLanes>
    {
        if (weights.Values is not null) Prefetch.Weights(weights.Values, weights.OutChannels * weights.InChannels * WinogradWeights.Taps);
        var tiles = shape.Images * shape.TileRows * shape.TileColumns;
        for (var first = 0; first < tiles; first += scratch.Tiles)
        {
            var count = Math.Min(scratch.Tiles, tiles - first);
            TransformInputs(shape, scratch, first, count, input, shift);
            for (var column = 0; column < shape.OutChannels; column += Products.Panel)
            {
                // Weights that are met once need not be kept.
                var place = weights.Values is null || tiles > scratch.Tiles ? scratch.WeightPlace(column) : 0;
                if (weights.Values is not null && first == 0) TransformPanel(shape, weights, backward, scratch, column, place);
                Multiply(shape, scratch, column, scratch.Weights + place, count);
                TransformOutputs(shape, scratch, column, first, count, ref end);
            }
        }
    }

    private static void TransformPanel(in TileShape shape, in WeightView weights, bool backward, in WinogradScratch scratch, int column, nint place)
    {
        var columns = Products.PanelWidth(shape.OutChannels, column);
        WinogradWeights.Transform<TLanes>(weights, backward, shape.InChannels, column, columns, scratch.Weights + place, scratch.WeightStep(columns));
    }

    /// <summary>The products at all 36 points. Tiles beyond count, up to a block of rows, are computed from what is there and never read.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Multiply(in TileShape shape, in WinogradScratch scratch, int column, float* weights, int count)
    {
        var (rows, columns) = ((count + Block - 1) / Block * Block, Products.PanelWidth(shape.OutChannels, column));
        var of = new Products.Operands(shape.InChannels, 1, columns, columns, shape.InChannels, Accumulates: false);
        var step = scratch.WeightStep(columns);
        for (var point = 0; point < WinogradScratch.Points; point++)
            Products.Compute<TLanes>(of, rows, columns, scratch.In + (point * scratch.InStep), weights + (point * step), scratch.Out + (point * scratch.OutStep));
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
    private static void TransformGradients(in TileShape shape, in WinogradScratch scratch, int column, int columns, int first, int count, TValue* gradient)
    {
        var (plane, blocks) = ((nint)shape.Height * shape.Width * Block, shape.OutChannels / Block);
        for (var lane = 0; lane < columns; lane += Block)
        {
            var place = new TilePlace(shape, first);
            for (var t = 0; t < count; t++, place.Next(shape))
                WinogradGradient.Transform<TLanes, TValue>(
                    gradient + (((place.Image * blocks) + ((column + lane) / Block)) * plane), shape.Height, shape.Width, place.Row, place.Column,
                    scratch.Out + (t * columns) + lane, scratch.OutStep);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TransformOutputs<TEnd>(in TileShape shape, in WinogradScratch scratch, int column, int first, int count, ref TEnd end)
        where TEnd : ITileEnd<TLanes>
    {
        var (plane, blocks) = ((nint)shape.Height * shape.Width * Block, shape.OutChannels / Block);
        var columns = Products.PanelWidth(shape.OutChannels, column);
        for (var lane = 0; lane < columns; lane += Block)
        {
            var place = new TilePlace(shape, first);
            for (var t = 0; t < count; t++, place.Next(shape))
                WinogradOutput.Transform<TLanes, TEnd>(
                    scratch.Out + (t * columns) + lane, scratch.OutStep, ((place.Image * blocks) + ((column + lane) / Block)) * plane, shape.Height, shape.Width, place.Row,
                    place.Column, ref end);
        }
    }
}
