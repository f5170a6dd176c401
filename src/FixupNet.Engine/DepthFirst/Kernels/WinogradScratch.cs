namespace FixupNet.Engine.DepthFirst.Kernels;

/// <summary>Buffers of one call: [36][tiles][channels in], [36][tiles][panel], and of weights [panels][36][channels in][panel].</summary>
/// <remarks>
/// A panel is 32 channels out: what belongs to one stays in the second-level cache from its transformation to its last product. The 36 planes of a buffer lie one
/// cache line further apart than they need: at a distance of a power of two they would fall on the same lines of the first-level cache.
/// </remarks>
internal readonly unsafe struct WinogradScratch
{
    internal const int Points = 36;

    /// <summary>Tiles that are transformed, multiplied and transformed back together.</summary>
    internal readonly int Tiles;
    internal readonly nint InStep, OutStep;
    internal readonly float* In, Out, Weights;
    private readonly int _inChannels;

    /// <param name="shape">The convolution.</param>
    /// <param name="memory">Memory for <see cref="Count"/> floats.</param>
    /// <param name="filters">Where the weights are, if not behind the other buffers.</param>
    internal WinogradScratch(in TileShape shape, float* memory, float* filters = null)
    {
        // As many as keep a core's second-level cache half empty; but weights that do not fit in it must meet many tiles whenever they are read.
        const int budget = 96 * 1024, most = 64;
        _inChannels = shape.InChannels;
        var fitting = budget / (Points * (shape.InChannels + Products.Panel));
        Tiles = Points * shape.InChannels * shape.OutChannels > 2 * budget ? most : Math.Clamp(fitting / Products.Block * Products.Block, Products.Block, most);
        InStep = (Tiles * (nint)shape.InChannels) + Products.Block;
        OutStep = (Tiles * Products.Panel) + Products.Block;
        In = memory;
        Out = In + (Points * InStep);
        Weights = filters is null ? Out + (Points * OutStep) : filters;
    }

    /// <summary>Floats of the weights.</summary>
    internal static long FilterCount(in TileShape shape) =>
        Points * (((long)shape.InChannels * shape.OutChannels) + (PanelCount(Math.Max(shape.InChannels, shape.OutChannels)) * Products.Block));

    /// <summary>Floats that any direction of a shape needs.</summary>
    internal static long Count(in TileShape shape)
    {
        var (forward, backward) = (new WinogradScratch(shape, null), new WinogradScratch(shape.Transposed, null));
        return (Points * Math.Max(forward.InStep + forward.OutStep, backward.InStep + backward.OutStep)) + FilterCount(shape);
    }

    /// <summary>Floats from point to point of the weights of a panel of so many columns.</summary>
    internal nint WeightStep(int columns) => (_inChannels * (nint)columns) + Products.Block;

    /// <summary>Where the weights of the panel that begins at a column are.</summary>
    internal nint WeightPlace(int column) => Points * (((nint)column * _inChannels) + (column / Products.Panel * Products.Block));

    private static long PanelCount(int columns) => (columns + Products.Panel - 1) / Products.Panel;
}
