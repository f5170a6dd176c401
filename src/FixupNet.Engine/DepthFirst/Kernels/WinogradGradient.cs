using System.Runtime.CompilerServices;

namespace FixupNet.Engine.DepthFirst.Kernels;

/// <summary>Turns a tile of 4×4 output gradients into its 36 points: G·gradient·Gᵀ; outside the image the gradient is 0.</summary>
internal static unsafe class WinogradGradient
{
    private const int Block = Products.Block;

    /// <summary>Transforms one tile of one block of 16 channels.</summary>
    /// <param name="plane">The channels' image [height][width][16].</param>
    /// <param name="height">Height of the image.</param>
    /// <param name="width">Width of the image.</param>
    /// <param name="row">First row of the tile.</param>
    /// <param name="column">First column of the tile.</param>
    /// <param name="to">Where the 36 points go, 16 channels each.</param>
    /// <param name="step">Floats from point to point.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Transform<TLanes, TValue>(TValue* plane, int height, int width, int row, int column, float* to, nint step)
        where TLanes : unmanaged, ILanes<TLanes>
        where TValue : unmanaged, IActivation<TValue>
    {
        var pitch = (nint)width * Block;
        if (row + 4 <= height && column + 4 <= width)
        {
            var first = plane + (row * pitch) + (column * Block);
            for (var lane = 0; lane < Block; lane += TLanes.Count) Whole<TLanes, TValue>(first + lane, pitch, to + lane, step);
            return;
        }
        var copy = stackalloc float[4 * 4 * Block];
        new Span<float>(copy, 4 * 4 * Block).Clear();
        for (var i = 0; i < 4 && row + i < height; i++)
            for (var j = 0; j < 4 && column + j < width; j++)
                for (var lane = 0; lane < Block; lane += TLanes.Count)
                    TLanes.Store(copy + (((4 * i) + j) * Block) + lane, TValue.Load<TLanes>(plane + ((row + i) * pitch) + ((column + j) * Block) + lane));
        for (var lane = 0; lane < Block; lane += TLanes.Count) Whole<TLanes, Float32>((Float32*)copy + lane, 4 * Block, to + lane, step);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Whole<TLanes, TValue>(TValue* first, nint pitch, float* to, nint step)
        where TLanes : unmanaged, ILanes<TLanes>
        where TValue : unmanaged, IActivation<TValue>
    {
        Column<TLanes, TValue>(first, pitch, out var a0, out var a1, out var a2, out var a3, out var a4, out var a5);
        Column<TLanes, TValue>(first + Block, pitch, out var b0, out var b1, out var b2, out var b3, out var b4, out var b5);
        Column<TLanes, TValue>(first + (2 * Block), pitch, out var c0, out var c1, out var c2, out var c3, out var c4, out var c5);
        Column<TLanes, TValue>(first + (3 * Block), pitch, out var d0, out var d1, out var d2, out var d3, out var d4, out var d5);
        to = StoreRow(a0, b0, c0, d0, to, step);
        to = StoreRow(a1, b1, c1, d1, to, step);
        to = StoreRow(a2, b2, c2, d2, to, step);
        to = StoreRow(a3, b3, c3, d3, to, step);
        to = StoreRow(a4, b4, c4, d4, to, step);
        StoreRow(a5, b5, c5, d5, to, step);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Column<TLanes, TValue>(
        TValue* from, nint pitch, out TLanes z0, out TLanes z1, out TLanes z2, out TLanes z3, out TLanes z4, out TLanes z5)
        where TLanes : unmanaged, ILanes<TLanes>
        where TValue : unmanaged, IActivation<TValue> =>
        WinogradPoints.Gradient(
            TValue.Load<TLanes>(from), TValue.Load<TLanes>(from + pitch), TValue.Load<TLanes>(from + (2 * pitch)), TValue.Load<TLanes>(from + (3 * pitch)),
            out z0, out z1, out z2, out z3, out z4, out z5);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float* StoreRow<TLanes>(TLanes y0, TLanes y1, TLanes y2, TLanes y3, float* to, nint step) where TLanes : unmanaged, ILanes<TLanes>
    {
        WinogradPoints.Gradient(y0, y1, y2, y3, out var z0, out var z1, out var z2, out var z3, out var z4, out var z5);
        TLanes.Store(to, z0);
        TLanes.Store(to + step, z1);
        TLanes.Store(to + (2 * step), z2);
        to += 3 * step;
        TLanes.Store(to, z3);
        TLanes.Store(to + step, z4);
        TLanes.Store(to + (2 * step), z5);
        return to + (3 * step);
    }
}
