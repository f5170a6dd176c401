using FixupNet.Engine.DepthFirst.Kernels;

namespace FixupNet.Engine.DepthFirst;

/// <summary>A convolution with what follows it.</summary>
/// <param name="Convolution">The convolution.</param>
/// <param name="After">What follows.</param>
/// <param name="Slot">Where the gradients of its weights are added up; -1 where there is no convolution.</param>
/// <param name="Kept">Where, behind what the block keeps, its result is: before what follows where that has statistics, else after it.</param>
internal sealed record PlannedLayer(PlannedConvolution Convolution, PlannedBetween After, int Slot, long Kept);

/// <summary>A block that is computed step by step.</summary>
internal sealed class PlannedStepsBlock : PlannedBlock
{
    private readonly List<PlannedLayer> _layers = [];
    private readonly int _inHeight, _inWidth;
    private long _kept;

    internal PlannedStepsBlock(StepsBlockLayers layers, int inHeight, int inWidth, EnginePlan plan)
    {
        (Layers, _inHeight, _inWidth) = (layers, inHeight, inWidth);
        var (height, width) = (inHeight, inWidth);
        ShiftBefore = plan.Small.Place(layers.ShiftBefore, 1, LayerFactor.One);
        foreach (var (layer, after) in layers.Layers)
        {
            // A gradient that meets that of the shortcut's own convolution comes from products of patches, as that does.
            var convolution = new PlannedConvolution(layer, height, width, mayTile: _layers.Count > 0 || layers.KeepsShape);
            _layers.Add(Place(convolution, after, isKept: after.Norm is not null || _layers.Count + 1 < layers.Layers.Count, plan));
            (height, width) = (convolution.OutHeight, convolution.OutWidth);
        }
        if (layers.KeepsShape) return;
        var skip = layers.Skip.Exists ? layers.Skip : new ConvolutionLayer(layers.InChannels, layers.OutChannels, Kernel: 0, layers.Stride, default);
        Skip = Place(new PlannedConvolution(skip, inHeight, inWidth, mayTile: false), layers.AfterSkip, isKept: layers.AfterSkip.Norm is not null, plan);
    }

    internal StepsBlockLayers Layers { get; }

    /// <summary>The convolutions of the branch.</summary>
    internal IReadOnlyList<PlannedLayer> Convolutions => _layers;

    /// <summary>What stands on the shortcut; null for the identity.</summary>
    internal PlannedLayer? Skip { get; }

    /// <summary>Place among the small gradients.</summary>
    internal int ShiftBefore { get; }

    internal override long InElements => _layers[0].Convolution.InElements;

    internal override long OutElements => _layers[^1].Convolution.OutElements;

    internal override int OutChannels => Layers.OutChannels;

    internal override int OutHeight => _layers[^1].Convolution.OutHeight;

    internal override int OutWidth => _layers[^1].Convolution.OutWidth;

    internal override long KeptElements => _kept;

    internal override int MostChannels => EnginePlan.Pad(_layers.Max(layer => layer.Convolution.Layer.OutChannels));

    internal override long LargestElements => _layers.Max(layer => Math.Max(layer.Convolution.InElements, layer.Convolution.OutElements));

    internal override long ScratchElements => All.Max(layer => layer.Convolution.ScratchElements);

    internal override double MultiplyAdds => All.Sum(layer => layer.Convolution.MultiplyAdds);

    /// <summary>Shape of what sampling keeps of the input, where there is no convolution on the shortcut.</summary>
    internal SampleShape Samples(int images) => new(images, Layers.InChannels, Layers.OutChannels, _inHeight, _inWidth, Layers.Stride);

    private IEnumerable<PlannedLayer> All => Skip is { Slot: >= 0 } ? _layers.Append(Skip) : _layers;

    private PlannedLayer Place(PlannedConvolution convolution, BetweenLayers after, bool isKept, EnginePlan plan)
    {
        var layer = convolution.Layer;
        var between = new PlannedBetween(after, layer.OutChannels, plan);
        var kept = _kept;
        if (isKept) _kept += convolution.OutElements;
        return new PlannedLayer(convolution, between, layer.Exists ? plan.GradientSlots.Add(layer, convolution.IsTiled, between.Scale) : -1, kept);
    }
}
