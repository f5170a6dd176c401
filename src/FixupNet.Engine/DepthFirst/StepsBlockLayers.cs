namespace FixupNet.Engine.DepthFirst;

/// <summary>A normalization whose statistics are of a group of an image's channels.</summary>
/// <param name="Channels">Channels, as the model counts them.</param>
/// <param name="Groups">Groups of neighbours, of one size.</param>
/// <param name="Gain">γ [channels].</param>
/// <param name="Shift">β [channels].</param>
internal sealed record ImageNorm(int Channels, int Groups, ParameterMemory Gain, ParameterMemory Shift);

/// <summary>What follows a convolution c: ReLU(gain·(norm(c), or multiplier·(c + channel biases) + bias)) + shift. What does not exist is left out.</summary>
/// <param name="Norm">The normalization.</param>
/// <param name="ChannelBias">The convolution's own bias [channels].</param>
/// <param name="Scale">The multiplier.</param>
/// <param name="Bias">Added before the ReLU.</param>
/// <param name="HasRelu">Whether there is a ReLU.</param>
/// <param name="Gain">What it is multiplied by.</param>
/// <param name="Shift">Added after it.</param>
internal sealed record BetweenLayers(
    ImageNorm? Norm, ParameterMemory ChannelBias, LayerFactor Scale, ParameterMemory Bias, bool HasRelu, double Gain, ParameterMemory Shift)
{
    /// <summary>Nothing.</summary>
    internal static BetweenLayers Nothing => new(null, default, LayerFactor.One, default, HasRelu: false, Gain: 1, default);

    /// <summary>What the convolution's result is multiplied by where nothing normalizes it; the ReLU's gain moves before the ReLU.</summary>
    internal LayerFactor ResultFactor => Scale with { Constant = Scale.Constant * Gain };

    /// <summary>Whether all that comes is a number that is added, and a ReLU.</summary>
    internal bool IsBiasAndRelu => Norm is null && !ChannelBias.Exists && !Scale.Learned.Exists && Scale.Constant == 1 && HasRelu && Gain == 1;
}

/// <summary>A convolution and what follows it.</summary>
internal sealed record StepsLayer(ConvolutionLayer Convolution, BetweenLayers After);

/// <summary>after(sumFactor·(last(… first(before(x))) + s)): any number of convolutions, with a ReLU before the first or after the sum.</summary>
/// <param name="HasReluBefore">Whether the branch begins with a ReLU.</param>
/// <param name="GainBefore">What that is multiplied by.</param>
/// <param name="ShiftBefore">Added after it.</param>
/// <param name="Layers">The convolutions.</param>
/// <param name="SkipStartsAtConvolution">Whether the shortcut takes what the first convolution takes, instead of x.</param>
/// <param name="Skip">The convolution on the shortcut; where it does not exist, a shortcut that changes the shape keeps every stride-th pixel.</param>
/// <param name="AfterSkip">What follows on the shortcut.</param>
/// <param name="SumFactor">What multiplies the sum.</param>
/// <param name="EndsWithRelu">Whether a ReLU follows.</param>
internal sealed record StepsBlockLayers(
    bool HasReluBefore,
    double GainBefore,
    ParameterMemory ShiftBefore,
    IReadOnlyList<StepsLayer> Layers,
    bool SkipStartsAtConvolution,
    ConvolutionLayer Skip,
    BetweenLayers AfterSkip,
    double SumFactor,
    bool EndsWithRelu) : BlockLayers
{
    /// <summary>Channels that go in.</summary>
    internal int InChannels => Layers[0].Convolution.InChannels;

    /// <summary>Channels that come out.</summary>
    internal int OutChannels => Layers[^1].Convolution.OutChannels;

    /// <summary>How far apart the pixels are that are left.</summary>
    internal int Stride => Layers.Aggregate(1, (stride, layer) => stride * layer.Convolution.Stride);

    /// <summary>Whether the shortcut is the identity.</summary>
    internal bool KeepsShape => !Skip.Exists && Stride == 1 && InChannels == OutChannels;
}
