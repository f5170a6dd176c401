namespace FixupNet.Engine;

/// <summary>What a convolution computes.</summary>
public enum ConvolutionDirection
{
    /// <summary>Outputs from inputs.</summary>
    Forward,

    /// <summary>Gradients of inputs from gradients of outputs.</summary>
    BackwardData,

    /// <summary>Gradients of weights.</summary>
    BackwardWeights,
}

/// <summary>How a 3×3 convolution is computed.</summary>
public enum ConvolutionAlgorithm
{
    /// <summary>The engine's own Winograd kernels, F(4×4, 3×3), with the block's scalars, ReLU and sum computed inside.</summary>
    Tiled,

    /// <summary>oneDNN's direct convolution, and passes before and after it.</summary>
    LibraryDirect,

    /// <summary>oneDNN's Winograd convolution, and passes before and after it.</summary>
    LibraryWinograd,
}

/// <summary>The algorithm taken for one shape and direction of 3×3 convolutions with stride 1.</summary>
/// <param name="InChannels">Channels in.</param>
/// <param name="OutChannels">Channels out.</param>
/// <param name="Height">Height of the image.</param>
/// <param name="Width">Width of the image.</param>
/// <param name="Direction">What is computed.</param>
/// <param name="Algorithm">How.</param>
/// <param name="Seconds">Seconds an image, as measured when the algorithm was chosen; 0 where it was given.</param>
public sealed record ConvolutionChoice(
    int InChannels, int OutChannels, int Height, int Width, ConvolutionDirection Direction, ConvolutionAlgorithm Algorithm, double Seconds);
