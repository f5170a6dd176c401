using System.Runtime.CompilerServices;

namespace FixupNet.Engine.DepthFirst.Kernels;

/// <summary>Turns the 6×6 values around a tile of 4×4 outputs into their 36 points: Bᵀ·(in + shift)·B; outside the image values are 0, not shift.</summary>
internal static unsafe class WinogradInput
{
    private const int Block = Products.Block;

    /// <summary>Transforms the values around one tile of one block of 16 channels.</summary>
    /// <param name="plane">The channels' image [height][width][16].</param>
    /// <param name="zeros"><see cref="Rows{TValue}.ZeroCount"/> zeros.</param>
    /// <param name="height">Height of the image.</param>
    /// <param name="width">Width of the image.</param>
    /// <param name="row">First row of the tile, a multiple of 4.</param>
    /// <param name="column">First column of the tile, a multiple of 4.</param>
    /// <param name="shift">What is added to every value inside the image.</param>
    /// <param name="to">Where the 36 points go, 16 channels each.</param>
    /// <param name="step">Floats from point to point.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Transform<TLanes, TValue>(
        TValue* plane, TValue* zeros, int height, int width, int row, int column, float shift, float* to, nint step)
        where TLanes : unmanaged, ILanes<TLanes>
        where TValue : unmanaged, IActivation<TValue>
    {
        Prefetch.Tile(plane, width, row, column);
        var tile = new Rows<TValue>(plane, zeros, height, width, row, column);
        bool left = column == 0, right = column + 4 == width;
        if (column + 4 > width || row + 4 > height)
        {
            Partial<TLanes, TValue>(tile, height, width, row, column, shift, to, step);
            return;
        }
        for (var lane = 0; lane < Block; lane += TLanes.Count)
            if (left && right) Whole<TLanes, TValue, BothEdges>(tile, lane, to + lane, step);
            else if (left) Whole<TLanes, TValue, LeftEdge>(tile, lane, to + lane, step);
            else if (right) Whole<TLanes, TValue, RightEdge>(tile, lane, to + lane, step);
            else Whole<TLanes, TValue, Interior>(tile, lane, to + lane, step);
        if (shift != 0) AddShift<TLanes>(to, step, shift, row == 0, row + 4 == height, left, right);
    }

    // Bᵀ·1 is (0, −6, 0, 0, 0, 0): inside the image a shift of all values reaches one of the 36 points. Where the first value is missing it is
    // (−4, −6, 0, 0, 0, 0), where the last one is, −1 at the end.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddShift<TLanes>(float* to, nint step, float shift, bool top, bool bottom, bool left, bool right)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        AddShiftToRow<TLanes>(to + (6 * step), step, -6 * shift, left, right);
        if (top) AddShiftToRow<TLanes>(to, step, -4 * shift, left, right);
        if (bottom) AddShiftToRow<TLanes>(to + (30 * step), step, -shift, left, right);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddShiftToRow<TLanes>(float* to, nint step, float shift, bool left, bool right) where TLanes : unmanaged, ILanes<TLanes>
    {
        Add<TLanes>(to + step, -6 * shift);
        if (left) Add<TLanes>(to, -4 * shift);
        if (right) Add<TLanes>(to + (5 * step), -shift);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<TLanes>(float* to, float value) where TLanes : unmanaged, ILanes<TLanes>
    {
        for (var lane = 0; lane < Block; lane += TLanes.Count) TLanes.Store(to + lane, TLanes.Load(to + lane) + TLanes.Broadcast(value));
    }

    /// <summary>A tile whose last rows or columns lie outside the image: its values are copied beside zeros first.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Partial<TLanes, TValue>(in Rows<TValue> tile, int height, int width, int row, int column, float shift, float* to, nint step)
        where TLanes : unmanaged, ILanes<TLanes>
        where TValue : unmanaged, IActivation<TValue>
    {
        var copy = stackalloc float[6 * 6 * Block];
        new Span<float>(copy, 6 * 6 * Block).Clear();
        for (var r = 0; r < 6; r++)
            for (var j = 0; j < 6; j++)
                if ((uint)(row - 1 + r) < height && (uint)(column - 1 + j) < width)
                    for (var lane = 0; lane < Block; lane += TLanes.Count)
                        TLanes.Store(
                            copy + (((6 * r) + j) * Block) + lane,
                            TValue.Load<TLanes>(tile.Row(r) + (j * Block) + lane) + TLanes.Broadcast(shift));
        var values = (Float32*)copy;
        var rows = new Rows<Float32>(values, 6 * Block);
        for (var lane = 0; lane < Block; lane += TLanes.Count) Whole<TLanes, Float32, Interior>(rows, lane, to + lane, step);
    }

    // In halves, because 36 vectors do not fit the registers.
    private static void Whole<TLanes, TValue, TEdges>(in Rows<TValue> tile, int lane, float* to, nint step)
        where TLanes : unmanaged, ILanes<TLanes>
        where TValue : unmanaged, IActivation<TValue>
        where TEdges : IEdges
    {
        FirstRows<TLanes, TValue, TEdges>(tile, lane, to, step);
        LastRows<TLanes, TValue, TEdges>(tile, lane, to + (18 * step), step);
    }

    /// <summary>Rows 0 to 2 of the points.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FirstRows<TLanes, TValue, TEdges>(in Rows<TValue> tile, int lane, float* to, nint step)
        where TLanes : unmanaged, ILanes<TLanes>
        where TValue : unmanaged, IActivation<TValue>
        where TEdges : IEdges
    {
        TValue* r0 = tile.Row0 + lane, r1 = tile.Row1 + lane, r2 = tile.Row2 + lane, r3 = tile.Row3 + lane, r4 = tile.Row4 + lane;
        TLanes a0, a1, a2, b0, b1, b2, c0, c1, c2, d0, d1, d2, e0, e1, e2, f0, f1, f2;

        if (TEdges.Left) a0 = a1 = a2 = TLanes.Zero;
        else Head(r0, r1, r2, r3, r4, out a0, out a1, out a2);
        Head(r0 + Block, r1 + Block, r2 + Block, r3 + Block, r4 + Block, out b0, out b1, out b2);
        Head(r0 + (2 * Block), r1 + (2 * Block), r2 + (2 * Block), r3 + (2 * Block), r4 + (2 * Block), out c0, out c1, out c2);
        Head(r0 + (3 * Block), r1 + (3 * Block), r2 + (3 * Block), r3 + (3 * Block), r4 + (3 * Block), out d0, out d1, out d2);
        Head(r0 + (4 * Block), r1 + (4 * Block), r2 + (4 * Block), r3 + (4 * Block), r4 + (4 * Block), out e0, out e1, out e2);
        if (TEdges.Right) f0 = f1 = f2 = TLanes.Zero;
        else Head(r0 + (5 * Block), r1 + (5 * Block), r2 + (5 * Block), r3 + (5 * Block), r4 + (5 * Block), out f0, out f1, out f2);
        to = StoreRow(a0, b0, c0, d0, e0, f0, to, step);
        to = StoreRow(a1, b1, c1, d1, e1, f1, to, step);
        StoreRow(a2, b2, c2, d2, e2, f2, to, step);
    }

    /// <summary>Rows 3 to 5 of the points.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void LastRows<TLanes, TValue, TEdges>(in Rows<TValue> tile, int lane, float* to, nint step)
        where TLanes : unmanaged, ILanes<TLanes>
        where TValue : unmanaged, IActivation<TValue>
        where TEdges : IEdges
    {
        TValue* r1 = tile.Row1 + lane, r2 = tile.Row2 + lane, r3 = tile.Row3 + lane, r4 = tile.Row4 + lane, r5 = tile.Row5 + lane;
        TLanes a0, a1, a2, b0, b1, b2, c0, c1, c2, d0, d1, d2, e0, e1, e2, f0, f1, f2;

        if (TEdges.Left) a0 = a1 = a2 = TLanes.Zero;
        else Tail(r1, r2, r3, r4, r5, out a0, out a1, out a2);
        Tail(r1 + Block, r2 + Block, r3 + Block, r4 + Block, r5 + Block, out b0, out b1, out b2);
        Tail(r1 + (2 * Block), r2 + (2 * Block), r3 + (2 * Block), r4 + (2 * Block), r5 + (2 * Block), out c0, out c1, out c2);
        Tail(r1 + (3 * Block), r2 + (3 * Block), r3 + (3 * Block), r4 + (3 * Block), r5 + (3 * Block), out d0, out d1, out d2);
        Tail(r1 + (4 * Block), r2 + (4 * Block), r3 + (4 * Block), r4 + (4 * Block), r5 + (4 * Block), out e0, out e1, out e2);
        if (TEdges.Right) f0 = f1 = f2 = TLanes.Zero;
        else Tail(r1 + (5 * Block), r2 + (5 * Block), r3 + (5 * Block), r4 + (5 * Block), r5 + (5 * Block), out f0, out f1, out f2);
        to = StoreRow(a0, b0, c0, d0, e0, f0, to, step);
        to = StoreRow(a1, b1, c1, d1, e1, f1, to, step);
        StoreRow(a2, b2, c2, d2, e2, f2, to, step);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Head<TLanes, TValue>(
        TValue* r0, TValue* r1, TValue* r2, TValue* r3, TValue* r4, out TLanes t0, out TLanes t1, out TLanes t2)
        where TLanes : unmanaged, ILanes<TLanes>
        where TValue : unmanaged, IActivation<TValue> =>
        WinogradPoints.InputHead(
            TValue.Load<TLanes>(r0), TValue.Load<TLanes>(r1), TValue.Load<TLanes>(r2), TValue.Load<TLanes>(r3), TValue.Load<TLanes>(r4),
            out t0, out t1, out t2);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Tail<TLanes, TValue>(
        TValue* r1, TValue* r2, TValue* r3, TValue* r4, TValue* r5, out TLanes t3, out TLanes t4, out TLanes t5)
        where TLanes : unmanaged, ILanes<TLanes>
        where TValue : unmanaged, IActivation<TValue> =>
        WinogradPoints.InputTail(
            TValue.Load<TLanes>(r1), TValue.Load<TLanes>(r2), TValue.Load<TLanes>(r3), TValue.Load<TLanes>(r4), TValue.Load<TLanes>(r5),
            out t3, out t4, out t5);

    /// <summary>Stores six points of a row; returns where the next row's go.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float* StoreRow<TLanes>(TLanes a, TLanes b, TLanes c, TLanes d, TLanes e, TLanes f, float* to, nint step)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        WinogradPoints.InputHead(a, b, c, d, e, out var t0, out var t1, out var t2);
        WinogradPoints.InputTail(b, c, d, e, f, out var t3, out var t4, out var t5);
        TLanes.Store(to, t0);
        TLanes.Store(to + step, t1);
        TLanes.Store(to + (2 * step), t2);
        to += 3 * step;
        TLanes.Store(to, t3);
        TLanes.Store(to + step, t4);
        TLanes.Store(to + (2 * step), t5);
        return to + (3 * step);
    }
}
