using System.Runtime.CompilerServices;

namespace FixupNet.Engine.DepthFirst.Kernels;

/// <summary>Neighbouring patches of one row of outputs.</summary>
/// <param name="Patch">The first one's place among the patches.</param>
/// <param name="Row">Row of the output.</param>
/// <param name="Column">Column of the first.</param>
/// <param name="Count">How many.</param>
internal readonly record struct PatchRow(int Patch, int Row, int Column, int Count)
{
    /// <summary>The row that patch number patch begins or continues, where the first of count patches belongs to output pixel first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static PatchRow At(in PatchShape shape, int first, int count, int patch)
    {
        var (row, column) = Math.DivRem(first + patch, shape.OutWidth);
        return new PatchRow(patch, row, column, Math.Min(shape.OutWidth - column, count - patch));
    }

    /// <summary>Copies what one tap of the filter sees into the patches: blocks of channels; zeros outside the image.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal unsafe void Gather(in PatchShape shape, int tapRow, int tapColumn, float* input, float* patches)
    {
        nint pitch = shape.PatchPitch, stride = shape.Stride, channels = shape.PatchChannels, plane = shape.Height * shape.Width;
        var to = patches + (Patch * pitch) + (((tapRow * shape.Kernel) + tapColumn) * channels);
        var y = (Row * shape.Stride) + tapRow - (shape.Kernel / 2);
        var x = (Column * shape.Stride) + tapColumn - (shape.Kernel / 2);
        var (begin, end) = Inside(shape, y, x);
        for (nint i = 0; i < begin; i++) new Span<float>(to + (i * pitch), (int)channels).Clear();
        for (nint i = end; i < Count; i++) new Span<float>(to + (i * pitch), (int)channels).Clear();
        for (nint channel = 0; channel < channels; channel += Products.Block)
        {
            var from = input + (channel * plane) + ((((nint)y * shape.Width) + x) * Products.Block);
            for (nint i = begin; i < end; i++) Copy(from + (i * stride * Products.Block), to + (i * pitch) + channel);
        }
    }

    /// <summary>Adds what one tap's patches have to the gradient of the input.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal unsafe void Scatter<TLanes>(in PatchShape shape, int tapRow, int tapColumn, float* patches, float* inputGradient)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        nint pitch = shape.PatchPitch, stride = shape.Stride, channels = shape.PatchChannels, plane = shape.Height * shape.Width;
        var from = patches + (Patch * pitch) + (((tapRow * shape.Kernel) + tapColumn) * channels);
        var y = (Row * shape.Stride) + tapRow - (shape.Kernel / 2);
        var x = (Column * shape.Stride) + tapColumn - (shape.Kernel / 2);
        var (begin, end) = Inside(shape, y, x);
        for (nint channel = 0; channel < channels; channel += Products.Block)
        {
            var to = inputGradient + (channel * plane) + ((((nint)y * shape.Width) + x) * Products.Block);
            for (nint i = begin; i < end; i++)
                for (var lane = 0; lane < Products.Block; lane += TLanes.Count)
                {
                    var at = to + (i * stride * Products.Block) + lane;
                    TLanes.Store(at, TLanes.Load(at) + TLanes.Load(from + (i * pitch) + channel + lane));
                }
        }
    }

    /// <summary>The patches for which a tap lies inside the image.</summary>
    private (nint Begin, nint End) Inside(in PatchShape shape, int y, int x)
    {
        if (y < 0 || y >= shape.Height) return (Count, Count);
        var begin = x >= 0 ? 0 : (-x + shape.Stride - 1) / shape.Stride;
        var end = x >= shape.Width ? 0 : (shape.Width - 1 - x) / shape.Stride + 1;
        return (Math.Min(begin, Count), Math.Clamp(end, Math.Min(begin, Count), Count));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe void Copy(float* from, float* to) => Unsafe.CopyBlock(to, from, Products.Block * sizeof(float));
}
