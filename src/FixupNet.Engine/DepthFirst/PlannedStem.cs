using FixupNet.Engine.DepthFirst.Kernels;

namespace FixupNet.Engine.DepthFirst;

/// <summary>The first convolution, what follows it, and max pooling; what is kept of them lies at the beginning of the activations.</summary>
internal sealed class PlannedStem
{
    internal PlannedStem(NetworkLayers network, EnginePlan plan)
    {
        var layer = network.Stem;
        Shape = new StemShape(layer.InChannels, layer.OutChannels, layer.Kernel, layer.Stride, network.Height, network.Width);
        HasPool = network.Pool.Exists;
        Pool = new PoolShape(Shape.PaddedOut / Products.Block, HasPool ? network.Pool.Kernel : 1, HasPool ? network.Pool.Stride : 1, Shape.OutHeight, Shape.OutWidth);
        After = new PlannedBetween(network.AfterStem, layer.OutChannels, plan);
        Slot = plan.GradientSlots.Add(layer, packed: false, SlotScale.None);
    }

    internal StemShape Shape { get; }

    internal PlannedBetween After { get; }

    internal PoolShape Pool { get; }

    internal bool HasPool { get; }

    /// <summary>Where the gradients of its weights are added up.</summary>
    internal int Slot { get; }

    /// <summary>Elements of an image before pooling.</summary>
    internal long Elements => Shape.OutSize;

    /// <summary>Elements of an image that the first block takes.</summary>
    internal long OutElements => (long)Shape.PaddedOut * OutHeight * OutWidth;

    internal int OutHeight => Pool.OutHeight;

    internal int OutWidth => Pool.OutWidth;

    /// <summary>Where the convolution's own result is, if what follows has statistics.</summary>
    internal long Raw => 0;

    /// <summary>Where what follows the convolution leaves its result.</summary>
    internal long Result => After.Layers.Norm is null ? 0 : Elements;

    /// <summary>Where what the first block takes is.</summary>
    internal long Output => HasPool ? Result + Elements : Result;

    /// <summary>Elements an image of all that is kept.</summary>
    internal long KeptElements => Output + OutElements;

    /// <summary>Shape of what normalizations take.</summary>
    internal NormShape NormShape(int images) => new(images, Pool.Blocks, Shape.OutPixels);
}
