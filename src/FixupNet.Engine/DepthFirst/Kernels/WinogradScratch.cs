namespace FixupNet.Engine.DepthFirst.Kernels;

/// <summary>Buffers of one call: [36][tiles][channels in], [36][tiles][channels out], [36][channels in][channels out].</summary>
/// <remarks>
/// The 36 planes of a buffer lie one cache line further apart than they need: at a distance of a power of two they would fall on the same
/// lines of the first-level cache.
/// </remarks>
internal readonly unsafe struct WinogradScratch
{
    internal const int Points = 36;

    /// <summary>Tiles that are transformed, multiplied and transformed back together.</summary>
    internal readonly int Tiles;
    internal readonly nint InStep, OutStep, WeightStep;
    internal readonly float* In, Out, Weights;

    /// <param name="shape">The convolution.</param>
    /// <param name="memory">Memory for <see cref="Count"/> floats.</param>
    /// <param name="filters">Where the weights are, if not behind the other buffers.</param>
    internal WinogradScratch(in TileShape shape, float* memory, float* filters = null)
    {
        // As many as keep a core's second-level cache half empty.
        const int budget = 96 * 1024;
        var fitting = budget / (Points * (shape.InChannels + shape.OutChannels));
        Tiles = Math.Clamp(fitting / Products.Block * Products.Block, Products.Block, 64);
        InStep = (Tiles * (nint)shape.InChannels) + Products.Block;
        OutStep = (Tiles * (nint)shape.OutChannels) + Products.Block;
        WeightStep = (shape.InChannels * (nint)shape.OutChannels) + Products.Block;
        In = memory;
        Out = In + (Points * InStep);
        Weights = filters is null ? Out + (Points * OutStep) : filters;
    }

    /// <summary>Floats of the weights.</summary>
    internal static long FilterCount(in TileShape shape) => Points * (long)new WinogradScratch(shape, null).WeightStep;

    /// <summary>Floats that any direction of a shape needs.</summary>
    internal static long Count(in TileShape shape)
    {
        var (forward, backward) = (new WinogradScratch(shape, null), new WinogradScratch(shape.Transposed, null));
        return Points * (Math.Max(forward.InStep + forward.OutStep, backward.InStep + backward.OutStep) + (long)forward.WeightStep);
    }
}
