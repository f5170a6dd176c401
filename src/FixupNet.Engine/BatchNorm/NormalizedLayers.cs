using FixupNet.Engine.DepthFirst;

namespace FixupNet.Engine.BatchNorm;

/// <summary>A batch normalization of the model: parameters, and statistics that outlive a step.</summary>
/// <param name="channels">Channels, as the model counts them.</param>
/// <param name="gain">γ [channels].</param>
/// <param name="shift">β [channels].</param>
/// <param name="epsilon">Added to the variance.</param>
internal sealed unsafe class NormMemory(int channels, ParameterMemory gain, ParameterMemory shift, double epsilon)
{
    internal int Channels { get; } = channels;

    internal ParameterMemory Gain { get; } = gain;

    internal ParameterMemory Shift { get; } = shift;

    internal double Epsilon { get; } = epsilon;

    /// <summary>Means that evaluation uses [channels].</summary>
    internal float* RunningMeans { get; init; }

    /// <summary>Variances that evaluation uses [channels].</summary>
    internal float* RunningVariances { get; init; }

    /// <summary>Batches seen.</summary>
    internal long* BatchCount { get; init; }
}

/// <summary>A convolution and what normalizes it.</summary>
internal sealed record NormalizedLayer(ConvolutionLayer Convolution, NormMemory Norm);

/// <summary>
/// ReLU(norm(last(… ReLU(norm(first(x))))) + s). s is x where the shape stays, else norm(shortcut(x)), or the normalization of every stride-th pixel of x with
/// zero channels after it where there is no shortcut convolution.
/// </summary>
internal sealed record NormalizedBlockLayers(IReadOnlyList<NormalizedLayer> Layers, ConvolutionLayer Shortcut, NormMemory? ShortcutNorm)
{
    internal int InChannels => Layers[0].Convolution.InChannels;

    internal int OutChannels => Layers[^1].Convolution.OutChannels;

    internal int Stride => Layers.Aggregate(1, (stride, layer) => stride * layer.Convolution.Stride);

    /// <summary>Whether the shortcut is the identity.</summary>
    internal bool KeepsShape => ShortcutNorm is null;
}

/// <summary>fc(mean over pixels(blocks(pool(ReLU(norm(stem(images))))))).</summary>
internal sealed record NormalizedLayers(
    int Height,
    int Width,
    ConvolutionLayer Stem,
    NormMemory StemNorm,
    PoolLayer Pool,
    IReadOnlyList<NormalizedBlockLayers> Blocks,
    HeadLayers Head);
