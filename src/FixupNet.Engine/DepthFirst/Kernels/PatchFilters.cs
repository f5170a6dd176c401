using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace FixupNet.Engine.DepthFirst.Kernels;

/// <summary>Filters between the model's layout [out][in][k][k] and panels of 32 columns, as products take them: [patch size][out], or transposed [out][patch size].</summary>
/// <remarks>A patch has, tap by tap, all channels; a filter of the model has, channel by channel, all taps.</remarks>
internal static unsafe class PatchFilters
{
    private const int Block = Products.Block;
    private const int Side = Transposition.Side;

    /// <summary>Writes filters; what the model does not have is 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Pack(in PatchShape shape, float* weights, bool transposed, float* filters)
    {
        if (shape.InChannels != shape.PatchChannels || shape.OutChannels != shape.PaddedOut) NativeMemory.Clear(filters, (nuint)shape.FilterCount * sizeof(float));
        if (transposed) PackTransposed(shape, weights, filters);
        else PackPlain(shape, weights, filters);
    }

    /// <summary>weights[out][in][k][k] += sums, which are in panels of [patch size][out].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void AddGradients(in PatchShape shape, float* sums, float* weights)
    {
        nint taps = shape.Kernel * shape.Kernel, row = shape.InChannels * taps;
        float* rows = stackalloc float[Side * Block], turned = stackalloc float[Side * Side];
        for (var first = 0; first < shape.OutChannels; first += Block)
        {
            var (begin, width) = PanelPlace(shape.PaddedOut, first, shape.PatchSize);
            var count = Math.Min(Block, shape.OutChannels - first);
            var at = weights + (first * row);
            var place = new FilterPlace(shape);
            for (nint value = 0; value < row; value += Side)
            {
                var some = (int)Math.Min(Side, row - value);
                for (var i = 0; i < some; i++, place.Next()) Unsafe.CopyBlock(rows + (i * Block), sums + begin + (place.Row * width), Block * sizeof(float));
                var k = 0;
                if (Transposition.IsSupported && some == Side)
                    for (; k + Side <= count; k += Side)
                    {
                        Transposition.Turn(rows + k, Block, turned, Side);
                        for (nint i = 0; i < Side; i++)
                        {
                            var to = at + ((k + i) * row) + value;
                            (Vector256.Load(to) + Vector256.Load(turned + (i * Side))).Store(to);
                        }
                    }
                for (; k < count; k++)
                    for (var i = 0; i < some; i++) at[(k * row) + value + i] += rows[(i * Block) + k];
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PackPlain(in PatchShape shape, float* weights, float* filters)
    {
        nint taps = shape.Kernel * shape.Kernel, row = shape.InChannels * taps;
        var rows = stackalloc float[Side * Block];
        for (var first = 0; first < shape.OutChannels; first += Block)
        {
            var (begin, width) = PanelPlace(shape.PaddedOut, first, shape.PatchSize);
            var count = Math.Min(Block, shape.OutChannels - first);
            var at = weights + (first * row);
            if (count < Block) new Span<float>(rows, Side * Block).Clear();
            var place = new FilterPlace(shape);
            for (nint value = 0; value < row; value += Side)
            {
                var some = (int)Math.Min(Side, row - value);
                var k = 0;
                if (Transposition.IsSupported && some == Side)
                    for (; k + Side <= count; k += Side) Transposition.Turn(at + (k * row) + value, row, rows + k, Block);
                for (; k < count; k++)
                    for (var i = 0; i < some; i++) rows[(i * Block) + k] = at[(k * row) + value + i];
                for (var i = 0; i < some; i++, place.Next()) Unsafe.CopyBlock(filters + begin + (place.Row * width), rows + (i * Block), Block * sizeof(float));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PackTransposed(in PatchShape shape, float* weights, float* filters)
    {
        nint taps = shape.Kernel * shape.Kernel, row = shape.InChannels * taps;
        var values = stackalloc float[WinogradWeights.Taps * Block];
        for (nint k = 0; k < shape.OutChannels; k++)
            for (var channel = 0; channel < shape.InChannels; channel += Block)
            {
                var count = Math.Min(Block, shape.InChannels - channel);
                var from = weights + (k * row) + (channel * taps);
                if (shape.Kernel == 3) WinogradWeights.LoadFilters(from, taps, count, values);
                for (var tap = 0; tap < taps; tap++)
                {
                    var (begin, width) = PanelPlace(shape.PatchSize, (tap * shape.PatchChannels) + channel, shape.PaddedOut);
                    var to = filters + begin + (k * width);
                    if (shape.Kernel == 3) Unsafe.CopyBlock(to, values + (tap * Block), Block * sizeof(float));
                    else if (taps == 1) Unsafe.CopyBlock(to, from, (uint)count * sizeof(float));
                    else for (nint i = 0; i < count; i++) to[i] = from[(i * taps) + tap];
                }
            }
    }

    /// <summary>Where a block of 16 columns begins, and how wide its panel is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (nint Place, nint Width) PanelPlace(int columns, int column, int rows)
    {
        var first = column / Products.Panel * Products.Panel;
        return (((nint)first * rows) + column - first, Products.PanelWidth(columns, first));
    }

    /// <summary>Where a value of a model's filter is among the rows of the products.</summary>
    private struct FilterPlace(in PatchShape shape)
    {
        private readonly nint _channels = shape.PatchChannels;
        private readonly int _taps = shape.Kernel * shape.Kernel;
        private nint _channel;
        private int _tap;

        internal nint Row { get; private set; }

        internal void Next()
        {
            Row += _channels;
            if (++_tap < _taps) return;
            _tap = 0;
            Row = ++_channel;
        }
    }
}
