using FixupNet.Engine.DepthFirst;
using FixupNet.Engine.DepthFirst.Kernels;

namespace FixupNet.Engine.BatchNorm;

/// <summary>The gradients of one layer's weights, those of each part by themselves until they are added up.</summary>
/// <param name="step">What all phases share.</param>
/// <param name="layer">The layer.</param>
/// <param name="isPacked">Whether they come as [in][9][out] of padded channels.</param>
/// <param name="partials">Where those of the first part are.</param>
internal sealed unsafe class PartialGradients(BatchStep step, ConvolutionLayer layer, bool isPacked, float* partials)
{
    private const int ChannelsAtOnce = Products.Block;

    /// <param name="step">What all phases share.</param>
    /// <param name="convolution">The layer.</param>
    /// <param name="partials">Where those of the first part are.</param>
    internal PartialGradients(BatchStep step, PlannedConvolution convolution, float* partials) : this(step, convolution.Layer, convolution.IsTiled, partials)
    {
    }

    /// <summary>Floats of a part's.</summary>
    internal long Count { get; } = isPacked ? GradientSlot.PackedCount(layer) : EnginePlan.Pad(layer.WeightCount);

    /// <summary>Into how many independent sums they are cut.</summary>
    internal int SumCount => isPacked ? (layer.InChannels + ChannelsAtOnce - 1) / ChannelsAtOnce : 1;

    /// <summary>Zeros for a part's gradients.</summary>
    internal float* Clear(int part)
    {
        var values = partials + (part * Count);
        new Span<float>(values, (int)Count).Clear();
        return values;
    }

    /// <summary>Adds up, in the order of the parts, and writes the parameter's gradient.</summary>
    internal void Sum(int index, int parts)
    {
        var row = isPacked ? Count / EnginePlan.Pad(layer.InChannels) : Count;
        var (first, last) = isPacked ? (index * ChannelsAtOnce, Math.Min(layer.InChannels, (index + 1) * ChannelsAtOnce)) : (0, 1);
        for (var part = 1; part < parts; part++) step.Kernels.Add(partials + (part * Count) + (first * row), (last - first) * row, partials + (first * row));
        if (isPacked) WinogradWeights.Unpack(partials, layer.OutChannels, layer.InChannels, first, last, layer.Weights.Gradient);
        else new Span<float>(partials, (int)layer.WeightCount).CopyTo(new Span<float>(layer.Weights.Gradient, (int)layer.WeightCount));
    }
}
