namespace FixupNet.Engine.DepthFirst;

/// <summary>Where workers add up the gradient of a parameter.</summary>
/// <param name="Parameter">The parameter.</param>
/// <param name="Count">Its elements; 0 where there is none.</param>
/// <param name="Offset">Floats into the memory of every sum but the first.</param>
/// <param name="FirstOffset">Floats into that of the first; -1 where that is the parameter's own gradient.</param>
/// <param name="Packed">The convolution whose gradients come as [in][9][out] of padded channels; null: as the model has them.</param>
/// <param name="Scale">The multiplier whose factor the gradient still lacks; none if it lacks none.</param>
internal sealed record GradientSlot(
    ParameterMemory Parameter, long Count, long Offset, long FirstOffset, ConvolutionLayer? Packed, ParameterMemory Scale)
{
    /// <summary>Floats of a sum.</summary>
    internal long SumCount => Packed is { } layer ? PackedCount(layer) : Count;

    internal static long PackedCount(in ConvolutionLayer layer) => 9L * EnginePlan.Pad(layer.OutChannels) * EnginePlan.Pad(layer.InChannels);
}

/// <summary>The places of all gradients but the scalars', in the order stem, three a block (first, second, shortcut), classifier weights, classifier bias.</summary>
internal sealed class GradientSlots
{
    private readonly List<GradientSlot> _slots = [];

    internal GradientSlots(EnginePlan plan)
    {
        var network = plan.Network;
        Add(network.Stem, packed: false, default);
        foreach (var block in plan.Blocks)
        {
            Add(block.Layers.First, block.KeepsShape, default);
            Add(block.Layers.Second, packed: true, block.Layers.Scale);
            Add(block.Layers.Shortcut, packed: false, default);
        }
        Add(network.Head.Weights, (long)network.Head.ClassCount * network.Head.FeatureCount, null, default);
        Add(network.Head.Bias, network.Head.ClassCount, null, default);
    }

    internal int Count => _slots.Count;

    /// <summary>Floats of every sum but the first.</summary>
    internal long SumElements { get; private set; }

    /// <summary>Floats of the first.</summary>
    internal long FirstSumElements { get; private set; }

    internal GradientSlot this[int index] => _slots[index];

    internal static int Stem => 0;

    internal static int First(int block) => 1 + (3 * block);

    internal static int Second(int block) => First(block) + 1;

    internal static int Shortcut(int block) => First(block) + 2;

    internal int ClassifierWeights => _slots.Count - 2;

    internal int ClassifierBias => _slots.Count - 1;

    private void Add(in ConvolutionLayer layer, bool packed, ParameterMemory scale) => Add(layer.Weights, layer.WeightCount, packed ? layer : null, scale);

    private void Add(ParameterMemory parameter, long count, ConvolutionLayer? packed, ParameterMemory scale)
    {
        var elements = packed is { } layer ? GradientSlot.PackedCount(layer) : count;
        var isOwn = elements == count;
        _slots.Add(new GradientSlot(parameter, count, SumElements, isOwn ? -1 : FirstSumElements, packed, scale));
        SumElements += EnginePlan.Pad(elements);
        if (!isOwn) FirstSumElements += EnginePlan.Pad(elements);
    }
}
