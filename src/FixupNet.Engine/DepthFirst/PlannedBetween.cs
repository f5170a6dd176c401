namespace FixupNet.Engine.DepthFirst;

/// <summary>What follows a convolution, with the places of its sums and statistics.</summary>
internal sealed class PlannedBetween
{
    private const int NumbersOfGroup = 2;

    /// <param name="layers">What it is.</param>
    /// <param name="channels">Channels, as the model counts them.</param>
    /// <param name="plan">Where places are given.</param>
    internal PlannedBetween(BetweenLayers layers, int channels, EnginePlan plan)
    {
        (Layers, Channels) = (layers, channels);
        var small = plan.Small;
        ChannelBias = small.Place(layers.ChannelBias, channels, layers.ResultFactor);
        Bias = small.Place(layers.Bias, 1, new LayerFactor(default, layers.Gain));
        Shift = small.Place(layers.Shift, 1, LayerFactor.One);
        if (layers.Norm is not { } norm) return;
        NormGain = small.Place(norm.Gain, norm.Channels, LayerFactor.One);
        NormShift = small.Place(norm.Shift, norm.Channels, LayerFactor.One);
        Statistics = plan.TakeStatistics(NumbersOfGroup * norm.Groups);
    }

    internal BetweenLayers Layers { get; }

    internal int Channels { get; }

    /// <summary>Places among the small gradients.</summary>
    internal int ChannelBias { get; }

    internal int Bias { get; }

    internal int Shift { get; }

    internal int NormGain { get; }

    internal int NormShift { get; }

    /// <summary>Where mean and inverse deviation of every group are, in numbers an image.</summary>
    internal int Statistics { get; }

    /// <summary>What the gradients of the convolution's weights and biases lack yet.</summary>
    internal SlotScale Scale => Layers.Norm is null ? new SlotScale(Layers.ResultFactor, Layers.ChannelBias, Channels, ChannelBias) : SlotScale.None;
}
