using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace FixupNet.Engine.DepthFirst.Kernels;

/// <summary>Asks for memory before it is needed; where the processor has no instruction for it, nothing happens.</summary>
internal static unsafe class Prefetch
{
    private const int Block = Products.Block;
    private const int Line = 64;

    // More would push out of the second-level cache what is computed with before.
    private const nint MostBytes = 256 * 1024;

    /// <summary>Asks for the pixels that the second tile from here needs and its neighbours have not asked for.</summary>
    /// <param name="plane">16 channels of an image [height][width][16].</param>
    /// <param name="width">Width of the image.</param>
    /// <param name="row">First row of the tile at work.</param>
    /// <param name="column">First column of the tile at work.</param>
    /// <remarks>Activations come from far away, and a tile takes less time than they do. Pixels beyond the image's end cost nothing.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Tile<TValue>(TValue* plane, int width, int row, int column) where TValue : unmanaged
    {
        if (!Sse.IsSupported) return;
        const int Ahead = 8;
        var start = column + Ahead < width ? (row * width) + column + Ahead : ((row + 4) * width) + column + Ahead - width;
        var pixels = plane + ((nint)(start + width + 1) * Block);
        for (var r = 0; r < 4; r++, pixels += (nint)width * Block)
        {
            Sse.Prefetch0(pixels);
            if (sizeof(TValue) == Line / Block) Sse.Prefetch0(pixels + Block);
            Sse.Prefetch0(pixels + (2 * Block));
            if (sizeof(TValue) == Line / Block) Sse.Prefetch0(pixels + (3 * Block));
        }
    }

    /// <summary>Asks for weights, or for the sums of their gradients, while inputs are transformed: in deep networks they come from memory.</summary>
    /// <param name="values">The first one.</param>
    /// <param name="count">How many.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Weights(float* values, nint count)
    {
        if (!Sse.IsSupported || count * sizeof(float) > MostBytes) return;
        for (var end = values + count; values < end; values += Line / sizeof(float)) Sse.Prefetch1(values);
    }
}
