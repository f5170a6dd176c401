using FixupNet.Engine.DepthFirst.Kernels;

namespace FixupNet.Engine.DepthFirst;

/// <summary>A parameter of the model, float32: where its values are, and where the engine writes their gradient; neither where there is none.</summary>
internal readonly unsafe struct ParameterMemory(float* values, float* gradient)
{
    internal readonly float* Values = values;
    internal readonly float* Gradient = gradient;

    internal bool Exists => Values is not null;

    /// <summary>The value of a scalar, or another where there is none.</summary>
    internal float ValueOr(float otherwise) => Values is null ? otherwise : *Values;
}

/// <summary>A convolution without bias, weights [out][in][k][k], padding k/2; kernel 0 means that there is none.</summary>
internal readonly record struct ConvolutionLayer(int InChannels, int OutChannels, int Kernel, int Stride, ParameterMemory Weights)
{
    internal bool Exists => Kernel > 0;

    internal long WeightCount => (long)OutChannels * InChannels * Kernel * Kernel;

    internal unsafe WeightView View => new(Weights.Values, OutChannels, InChannels);
}

/// <summary>What a layer's result is multiplied by: a learned number, a constant, or both.</summary>
/// <param name="Learned">The learned number, if there is one.</param>
/// <param name="Constant">The constant.</param>
internal readonly record struct LayerFactor(ParameterMemory Learned, double Constant)
{
    /// <summary>1, and nothing learned.</summary>
    internal static LayerFactor One => new(default, 1);

    /// <summary>Both together.</summary>
    internal float Value => (float)(Learned.ValueOr(1) * Constant);
}

/// <summary>A residual block of the network.</summary>
internal abstract record BlockLayers;

/// <summary>
/// ReLU(scale·second(ReLU(first(x + bias1a) + bias1b) + bias2a) + bias2b + s), 3×3 convolutions. Where a bias does not exist, it is 0.
/// s is x where the shape stays, else shortcut(x + bias1a), or every stride-th pixel of x + bias1a with zero channels after it where there is no
/// shortcut convolution.
/// </summary>
internal sealed record BasicBlockLayers(
    ConvolutionLayer First,
    ConvolutionLayer Second,
    ConvolutionLayer Shortcut,
    ParameterMemory Bias1A,
    ParameterMemory Bias1B,
    ParameterMemory Bias2A,
    ParameterMemory Bias2B,
    LayerFactor Scale) : BlockLayers;

/// <summary>fc(mean over pixels(…) + bias2); where bias2 does not exist it is 0.</summary>
/// <param name="ClassCount">Classes.</param>
/// <param name="FeatureCount">Features that the linear layer sees.</param>
/// <param name="Bias2">Added to the means.</param>
/// <param name="Weights">The linear layer's [classes][features].</param>
/// <param name="Bias">Its bias [classes].</param>
/// <param name="Gain">What the ReLU before is multiplied by; null where there is none, because the last block ends with one.</param>
internal sealed record HeadLayers(int ClassCount, int FeatureCount, ParameterMemory Bias2, ParameterMemory Weights, ParameterMemory Bias, double? Gain = null);

/// <summary>Max pooling with padding k/2; kernel 0 means that there is none.</summary>
internal readonly record struct PoolLayer(int Kernel, int Stride)
{
    internal bool Exists => Kernel > 0;
}

/// <summary>fc(mean over pixels(blocks(pool(after(stem(images))))) + bias2).</summary>
/// <param name="Height">Height of the images.</param>
/// <param name="Width">Their width.</param>
/// <param name="Stem">The first convolution.</param>
/// <param name="AfterStem">What follows it.</param>
/// <param name="Pool">Max pooling after that.</param>
/// <param name="Blocks">The blocks.</param>
/// <param name="Head">The head.</param>
/// <param name="Standardized">The weights that are computed from parameters before every step.</param>
internal sealed record NetworkLayers(
    int Height,
    int Width,
    ConvolutionLayer Stem,
    BetweenLayers AfterStem,
    PoolLayer Pool,
    IReadOnlyList<BlockLayers> Blocks,
    HeadLayers Head,
    IReadOnlyList<StandardizedWeights> Standardized);
