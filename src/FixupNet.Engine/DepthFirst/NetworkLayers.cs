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
}

/// <summary>
/// ReLU(scale·second(ReLU(first(x + bias1a) + bias1b) + bias2a) + bias2b + s). Where a scalar does not exist, a bias is 0 and the scale 1.
/// s is x where the shape stays, else shortcut(x + bias1a), or every stride-th pixel of x + bias1a with zero channels after it where there is no
/// shortcut convolution.
/// </summary>
internal sealed record BlockLayers(
    ConvolutionLayer First,
    ConvolutionLayer Second,
    ConvolutionLayer Shortcut,
    ParameterMemory Bias1A,
    ParameterMemory Bias1B,
    ParameterMemory Bias2A,
    ParameterMemory Bias2B,
    ParameterMemory Scale);

/// <summary>fc(mean over pixels(…) + bias2); where bias2 does not exist it is 0.</summary>
/// <param name="ClassCount">Classes.</param>
/// <param name="FeatureCount">Features that the linear layer sees.</param>
/// <param name="Bias2">Added to the means.</param>
/// <param name="Weights">The linear layer's [classes][features].</param>
/// <param name="Bias">Its bias [classes].</param>
internal sealed record HeadLayers(int ClassCount, int FeatureCount, ParameterMemory Bias2, ParameterMemory Weights, ParameterMemory Bias);

/// <summary>fc(mean over pixels(blocks(ReLU(stem(images) + bias1))) + bias2).</summary>
internal sealed record NetworkLayers(
    int Height,
    int Width,
    ConvolutionLayer Stem,
    ParameterMemory Bias1,
    IReadOnlyList<BlockLayers> Blocks,
    HeadLayers Head);
