namespace FixupNet.Engine.DepthFirst;

/// <summary>What multiplies a layer's result: its weights' gradient lacks that factor until all sums are complete.</summary>
/// <param name="Factor">The factor.</param>
/// <param name="Bias">The layer's biases, which it multiplies too; none where there are none.</param>
/// <param name="BiasCount">How many.</param>
/// <param name="BiasPlace">Where their gradients, which lack the factor too, are among the small ones.</param>
internal readonly record struct SlotScale(LayerFactor Factor, ParameterMemory Bias, int BiasCount, int BiasPlace)
{
    internal static SlotScale None => Of(LayerFactor.One);

    internal static SlotScale Of(LayerFactor factor) => new(factor, default, 0, 0);
}

/// <summary>Where workers add up the gradient of a parameter.</summary>
/// <param name="Parameter">The parameter.</param>
/// <param name="Count">Its elements; 0 where there is none.</param>
/// <param name="Offset">Floats into the memory of every sum but the first.</param>
/// <param name="FirstOffset">Floats into that of the first; -1 where that is the parameter's own gradient.</param>
/// <param name="Packed">The convolution whose gradients come as [in][9][out] of padded channels; null: as the model has them.</param>
/// <param name="Scale">What the gradient still lacks.</param>
internal sealed record GradientSlot(ParameterMemory Parameter, long Count, long Offset, long FirstOffset, ConvolutionLayer? Packed, SlotScale Scale)
{
    /// <summary>Floats of a sum.</summary>
    internal long SumCount => Packed is { } layer ? PackedCount(layer) : Count;

    internal static long PackedCount(in ConvolutionLayer layer) => 9L * EnginePlan.Pad(layer.OutChannels) * EnginePlan.Pad(layer.InChannels);
}

/// <summary>The places of all gradients but the small ones: stem, the blocks' weights, classifier weights, classifier bias.</summary>
internal sealed class GradientSlots
{
    private readonly List<GradientSlot> _slots = [];

    internal int Count => _slots.Count;

    /// <summary>Floats of every sum but the first.</summary>
    internal long SumElements { get; private set; }

    /// <summary>Floats of the first.</summary>
    internal long FirstSumElements { get; private set; }

    internal GradientSlot this[int index] => _slots[index];

    /// <summary>Gives a convolution's weights a place.</summary>
    /// <param name="layer">The convolution; may not exist.</param>
    /// <param name="packed">Whether its gradients come as [in][9][out] of padded channels.</param>
    /// <param name="scale">What they lack.</param>
    /// <returns>The place's number.</returns>
    internal int Add(in ConvolutionLayer layer, bool packed, in SlotScale scale) => Add(layer.Weights, layer.WeightCount, packed ? layer : null, scale);

    /// <summary>Gives another parameter a place.</summary>
    internal int Add(ParameterMemory parameter, long count) => Add(parameter, count, null, SlotScale.None);

    private int Add(ParameterMemory parameter, long count, ConvolutionLayer? packed, in SlotScale scale)
    {
        var elements = packed is { } layer ? GradientSlot.PackedCount(layer) : count;
        var isOwn = elements == count;
        _slots.Add(new GradientSlot(parameter, count, SumElements, isOwn ? -1 : FirstSumElements, packed, scale));
        SumElements += EnginePlan.Pad(elements);
        if (!isOwn) FirstSumElements += EnginePlan.Pad(elements);
        return _slots.Count - 1;
    }
}
