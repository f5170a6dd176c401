using System.Runtime.CompilerServices;

namespace FixupNet.Engine.DepthFirst.Kernels;

/// <summary>Turns the 36 products of a tile into its 4×4 outputs, Aᵀ·products·A, and hands each inside the image to its end.</summary>
internal static unsafe class WinogradOutput
{
    private const int Block = Products.Block;

    /// <summary>Transforms one tile of one block of 16 channels.</summary>
    /// <param name="from">The 36 products, 16 channels each.</param>
    /// <param name="step">Floats from product to product.</param>
    /// <param name="plane">Where the channels' image [height][width][16] lies in the output.</param>
    /// <param name="height">Height of the image.</param>
    /// <param name="width">Width of the image.</param>
    /// <param name="row">First row of the tile.</param>
    /// <param name="column">First column of the tile.</param>
    /// <param name="end">What is done with each value.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Transform<TLanes, TEnd>(float* from, nint step, nint plane, int height, int width, int row, int column, ref TEnd end)
        where TLanes : unmanaged, ILanes<TLanes>
        where TEnd : ITileEnd<TLanes>
    {
        var pitch = (nint)width * Block;
        var at = plane + (row * pitch) + (column * Block);
        for (var lane = 0; lane < Block; lane += TLanes.Count)
            if (row + 4 <= height && column + 4 <= width) Whole<TLanes, TEnd>(from + lane, step, at + lane, pitch, ref end);
            else Partial<TLanes, TEnd>(from + lane, step, at + lane, pitch, height - row, width - column, ref end);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Whole<TLanes, TEnd>(float* from, nint step, nint at, nint pitch, ref TEnd end)
        where TLanes : unmanaged, ILanes<TLanes>
        where TEnd : ITileEnd<TLanes>
    {
        Column(from, step, out TLanes a0, out var a1, out var a2, out var a3);
        Column(from + step, step, out TLanes b0, out var b1, out var b2, out var b3);
        Column(from + (2 * step), step, out TLanes c0, out var c1, out var c2, out var c3);
        from += 3 * step;
        Column(from, step, out TLanes d0, out var d1, out var d2, out var d3);
        Column(from + step, step, out TLanes e0, out var e1, out var e2, out var e3);
        Column(from + (2 * step), step, out TLanes f0, out var f1, out var f2, out var f3);

        TLanes all = TLanes.Zero, passed = TLanes.Zero;
        FinishRow(a0, b0, c0, d0, e0, f0, at, ref end, ref all, ref passed);
        at += pitch;
        FinishRow(a1, b1, c1, d1, e1, f1, at, ref end, ref all, ref passed);
        at += pitch;
        FinishRow(a2, b2, c2, d2, e2, f2, at, ref end, ref all, ref passed);
        at += pitch;
        FinishRow(a3, b3, c3, d3, e3, f3, at, ref end, ref all, ref passed);
        end.Add(all, passed);
    }

    /// <summary>A tile of which only some rows and columns lie inside the image.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Partial<TLanes, TEnd>(float* from, nint step, nint at, nint pitch, int rows, int columns, ref TEnd end)
        where TLanes : unmanaged, ILanes<TLanes>
        where TEnd : ITileEnd<TLanes>
    {
        var values = stackalloc TLanes[6 * 4];
        for (var j = 0; j < 6; j++)
            Column(from + (j * step), step, out values[4 * j], out values[(4 * j) + 1], out values[(4 * j) + 2], out values[(4 * j) + 3]);
        var row = stackalloc TLanes[4];
        TLanes all = TLanes.Zero, passed = TLanes.Zero;
        for (var i = 0; i < Math.Min(4, rows); i++)
        {
            WinogradPoints.Output(
                values[i], values[4 + i], values[8 + i], values[12 + i], values[16 + i], values[20 + i], out row[0], out row[1], out row[2], out row[3]);
            for (var j = 0; j < Math.Min(4, columns); j++) end.Finish(at + (i * pitch) + (j * Block), row[j], ref all, ref passed);
        }
        end.Add(all, passed);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Column<TLanes>(float* from, nint step, out TLanes o0, out TLanes o1, out TLanes o2, out TLanes o3)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        // Products lie row by row: six steps from one to the next below it.
        var down = 6 * step;
        var middle = from + (3 * down);
        WinogradPoints.Output(
            TLanes.Load(from), TLanes.Load(from + down), TLanes.Load(from + (2 * down)), TLanes.Load(middle), TLanes.Load(middle + down),
            TLanes.Load(middle + (2 * down)), out o0, out o1, out o2, out o3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FinishRow<TLanes, TEnd>(
        TLanes a, TLanes b, TLanes c, TLanes d, TLanes e, TLanes f, nint at, ref TEnd end, ref TLanes all, ref TLanes passed)
        where TLanes : unmanaged, ILanes<TLanes>
        where TEnd : ITileEnd<TLanes>
    {
        WinogradPoints.Output(a, b, c, d, e, f, out var o0, out var o1, out var o2, out var o3);
        end.Finish(at, o0, ref all, ref passed);
        end.Finish(at + Block, o1, ref all, ref passed);
        end.Finish(at + (2 * Block), o2, ref all, ref passed);
        end.Finish(at + (3 * Block), o3, ref all, ref passed);
    }
}
