namespace FixupNet.Engine.DepthFirst;

/// <summary>A block with its places among activations, gradients and sums.</summary>
internal abstract class PlannedBlock
{
    internal abstract long InElements { get; }

    internal abstract long OutElements { get; }

    internal abstract int OutChannels { get; }

    internal abstract int OutHeight { get; }

    internal abstract int OutWidth { get; }

    /// <summary>Elements an image of what is kept beside input and result.</summary>
    internal abstract long KeptElements { get; }

    /// <summary>Padded channels of its widest tensor.</summary>
    internal abstract int MostChannels { get; }

    /// <summary>Elements an image of the largest tensor.</summary>
    internal abstract long LargestElements { get; }

    /// <summary>Floats of scratch that any of its kernels needs.</summary>
    internal abstract long ScratchElements { get; }

    /// <summary>Multiply-adds of an image's convolutions, forward, computed directly.</summary>
    internal abstract double MultiplyAdds { get; }

    internal int OutPixels => OutHeight * OutWidth;

    /// <summary>Where its input is, in elements an image into the activations.</summary>
    internal long Input { get; set; }

    /// <summary>Where what is kept is.</summary>
    internal long Kept { get; set; }

    /// <summary>Where its result is.</summary>
    internal long Output { get; set; }
}

/// <summary>A basic block, all of whose element-wise steps are computed inside the convolutions.</summary>
internal sealed class PlannedBasicBlock : PlannedBlock
{
    internal PlannedBasicBlock(BasicBlockLayers layers, int inHeight, int inWidth, EnginePlan plan)
    {
        (Layers, Shape) = (layers, new BlockShape(layers.First, layers.Second, layers.Shortcut, inHeight, inWidth));
        FirstSlot = plan.GradientSlots.Add(layers.First, Shape.KeepsShape, SlotScale.None);
        SecondSlot = plan.GradientSlots.Add(layers.Second, packed: true, SlotScale.Of(layers.Scale));
        ShortcutSlot = plan.GradientSlots.Add(layers.Shortcut, packed: false, SlotScale.None);
        Bias1A = plan.Small.Place(layers.Bias1A, 1, LayerFactor.One);
        Bias1B = plan.Small.Place(layers.Bias1B, 1, LayerFactor.One);
        Bias2A = plan.Small.Place(layers.Bias2A, 1, LayerFactor.One);
        Bias2B = plan.Small.Place(layers.Bias2B, 1, LayerFactor.One);
    }

    internal BasicBlockLayers Layers { get; }

    internal BlockShape Shape { get; }

    internal int FirstSlot { get; }

    internal int SecondSlot { get; }

    internal int ShortcutSlot { get; }

    internal int Bias1A { get; }

    internal int Bias1B { get; }

    internal int Bias2A { get; }

    internal int Bias2B { get; }

    internal override long InElements => Shape.InElements;

    internal override long OutElements => Shape.OutElements;

    internal override int OutChannels => Layers.First.OutChannels;

    internal override int OutHeight => Shape.OutHeight;

    internal override int OutWidth => Shape.OutWidth;

    // ReLU(first(…) + bias1b).
    internal override long KeptElements => OutElements;

    internal override int MostChannels => EnginePlan.Pad(OutChannels);

    internal override long LargestElements => Math.Max(InElements, OutElements);

    internal override long ScratchElements => Shape.ScratchElements;

    internal override double MultiplyAdds => OutPixels * (double)(Layers.First.WeightCount + Layers.Second.WeightCount + Layers.Shortcut.WeightCount);
}
