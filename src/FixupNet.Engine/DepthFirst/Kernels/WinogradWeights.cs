using System.Runtime.CompilerServices;

namespace FixupNet.Engine.DepthFirst.Kernels;

/// <summary>Weights between the model's layout [out][in][3][3] and that of the products, and their gradients back.</summary>
internal static unsafe class WinogradWeights
{
    private const int Block = Products.Block;
    /// <summary>Values of a filter.</summary>
    internal const int Taps = 9;

    /// <summary>Writes filters at their 36 points: to[36][rows][columns], of some of the columns.</summary>
    /// <param name="weights">The weights.</param>
    /// <param name="backward">False: rows are channels in, columns channels out. True: the other way round, and filters turned by 180 degrees.</param>
    /// <param name="rows">Channels summed over, padded to a multiple of 16.</param>
    /// <param name="first">The first channel of the result, a multiple of 16.</param>
    /// <param name="columns">How many of them, a multiple of 16.</param>
    /// <param name="to">Where the points go.</param>
    /// <param name="step">Floats from point to point.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Transform<TLanes>(in WeightView weights, bool backward, int rows, int first, int columns, float* to, nint step)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        nint nextOut = weights.InChannels * Taps;
        var (rowStep, laneStep) = backward ? (nextOut, (nint)Taps) : (Taps, nextOut);
        var (realRows, realColumns) = backward ? (weights.OutChannels, weights.InChannels) : (weights.InChannels, weights.OutChannels);
        var filters = stackalloc float[Taps * Block];
        // Row by row: what is read together, and again for the next row, is the cache lines of 16 filters, which lie at distances of many channels.
        for (var column = 0; column < columns; column += Block)
            for (var row = 0; row < rows; row++)
            {
                var count = row < realRows ? Math.Clamp(realColumns - first - column, 0, Block) : 0;
                LoadFilters(weights.Values + (row * rowStep) + ((first + column) * laneStep), laneStep, count, filters);
                for (var lane = 0; lane < Block; lane += TLanes.Count)
                    StorePoints<TLanes>(filters + lane, backward, to + ((nint)row * columns) + column + lane, step);
            }
    }

    /// <summary>Adds the gradients of 3×3 filters: packed[in][9][outs] += Aᵀ·points[36][in][out]·A, of some of the channels out.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void AddGradients<TLanes>(float* points, nint step, int inChannels, int outChannels, float* packed, nint pitch)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        for (var c = 0; c < inChannels; c++)
            for (var k = 0; k < outChannels; k += TLanes.Count)
            {
                var from = points + ((nint)c * outChannels) + k;
                Column(from, step, out TLanes a0, out var a1, out var a2);
                Column(from + step, step, out TLanes b0, out var b1, out var b2);
                Column(from + (2 * step), step, out TLanes c0, out var c1, out var c2);
                Column(from + (3 * step), step, out TLanes d0, out var d1, out var d2);
                Column(from + (4 * step), step, out TLanes e0, out var e1, out var e2);
                Column(from + (5 * step), step, out TLanes f0, out var f1, out var f2);
                var to = packed + (c * Taps * pitch) + k;
                AddRow(a0, b0, c0, d0, e0, f0, to, pitch);
                AddRow(a1, b1, c1, d1, e1, f1, to + (3 * pitch), pitch);
                AddRow(a2, b2, c2, d2, e2, f2, to + (6 * pitch), pitch);
            }
    }

    /// <summary>gradients[out][in][3][3] = packed[in][9][padded out], which is other memory, of some channels in.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Unpack(float* packed, int outChannels, int inChannels, int firstIn, int lastIn, float* gradients)
    {
        nint pitch = (outChannels + Block - 1) / Block * Block, row = inChannels * Taps, last = lastIn * Taps;
        for (nint first = firstIn * Taps; first < last; first += Transposition.Side)
        {
            var some = Math.Min(Transposition.Side, last - first);
            nint k = 0;
            if (Transposition.IsSupported && some == Transposition.Side)
                for (; k + Transposition.Side <= outChannels; k += Transposition.Side)
                    Transposition.Turn(packed + (first * pitch) + k, pitch, gradients + (k * row) + first, row);
            for (; k < outChannels; k++)
                for (nint i = 0; i < some; i++) gradients[(k * row) + first + i] = packed[((first + i) * pitch) + k];
        }
    }

    /// <summary>filters[9][16] = the nine values of each of count filters, side by side; the other lanes are 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void LoadFilters(float* rows, nint step, int count, float* filters)
    {
        var lane = 0;
        if (Transposition.IsSupported)
            for (; lane + Transposition.Side <= count; lane += Transposition.Side)
            {
                Transposition.Turn(rows + (lane * step), step, filters + lane, Block);
                for (var i = lane; i < lane + Transposition.Side; i++) filters[(8 * Block) + i] = rows[(i * step) + 8];
            }
        for (; lane < Block; lane++)
            for (var tap = 0; tap < Taps; tap++) filters[(tap * Block) + lane] = lane < count ? rows[(lane * step) + tap] : 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void StorePoints<TLanes>(float* filters, bool backward, float* to, nint step) where TLanes : unmanaged, ILanes<TLanes>
    {
        // Turned by 180 degrees, a filter is read from its end.
        var first = backward ? filters + (8 * Block) : filters;
        var next = backward ? -Block : Block;
        Points(first, next, out TLanes a0, out var a1, out var a2, out var a3, out var a4, out var a5);
        Points(first + next, next, out TLanes b0, out var b1, out var b2, out var b3, out var b4, out var b5);
        Points(first + (2 * next), next, out TLanes c0, out var c1, out var c2, out var c3, out var c4, out var c5);
        to = StoreRow(a0, b0, c0, to, step);
        to = StoreRow(a1, b1, c1, to, step);
        to = StoreRow(a2, b2, c2, to, step);
        to = StoreRow(a3, b3, c3, to, step);
        to = StoreRow(a4, b4, c4, to, step);
        StoreRow(a5, b5, c5, to, step);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Points<TLanes>(
        float* column, nint next, out TLanes u0, out TLanes u1, out TLanes u2, out TLanes u3, out TLanes u4, out TLanes u5)
        where TLanes : unmanaged, ILanes<TLanes> =>
        WinogradPoints.Weight(
            TLanes.Load(column), TLanes.Load(column + (3 * next)), TLanes.Load(column + (6 * next)), out u0, out u1, out u2, out u3, out u4, out u5);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float* StoreRow<TLanes>(TLanes g0, TLanes g1, TLanes g2, float* to, nint step) where TLanes : unmanaged, ILanes<TLanes>
    {
        WinogradPoints.Weight(g0, g1, g2, out var u0, out var u1, out var u2, out var u3, out var u4, out var u5);
        TLanes.Store(to, u0);
        TLanes.Store(to + step, u1);
        TLanes.Store(to + (2 * step), u2);
        to += 3 * step;
        TLanes.Store(to, u3);
        TLanes.Store(to + step, u4);
        TLanes.Store(to + (2 * step), u5);
        return to + (3 * step);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Column<TLanes>(float* from, nint step, out TLanes o0, out TLanes o1, out TLanes o2) where TLanes : unmanaged, ILanes<TLanes>
    {
        var down = 6 * step;
        var middle = from + (3 * down);
        WinogradPoints.WeightGradient(
            TLanes.Load(from), TLanes.Load(from + down), TLanes.Load(from + (2 * down)), TLanes.Load(middle), TLanes.Load(middle + down),
            TLanes.Load(middle + (2 * down)), out o0, out o1, out o2);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddRow<TLanes>(TLanes a, TLanes b, TLanes c, TLanes d, TLanes e, TLanes f, float* to, nint next)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        WinogradPoints.WeightGradient(a, b, c, d, e, f, out var o0, out var o1, out var o2);
        TLanes.Store(to, TLanes.Load(to) + o0);
        TLanes.Store(to + next, TLanes.Load(to + next) + o1);
        TLanes.Store(to + (2 * next), TLanes.Load(to + (2 * next)) + o2);
    }
}
