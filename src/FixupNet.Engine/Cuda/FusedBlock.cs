using FixupNet.Models.Blocks;
using FixupNet.Optimizers;
using FixupNet.Residual;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FixupNet.Engine.Cuda;

/// <summary>Where the parameters of a block that keeps its shape, and their gradients, are on the device.</summary>
/// <param name="First">First convolution.</param>
/// <param name="Second">Second convolution.</param>
/// <param name="Bias1A">Added before the first convolution.</param>
/// <param name="Bias1B">Added after it.</param>
/// <param name="Bias2A">Added before the second.</param>
/// <param name="Bias2B">Added after the multiplier.</param>
/// <param name="Scale">Multiplies what the second convolution gives.</param>
internal sealed record FusedBlock(
    PlacedParameter First, PlacedParameter Second, PlacedParameter Bias1A, PlacedParameter Bias1B, PlacedParameter Bias2A, PlacedParameter Bias2B,
    PlacedParameter Scale)
{
    /// <summary>Finds the parameters; a plain block has the biases 0 and the multiplier 1 of <paramref name="zero"/> and <paramref name="one"/>.</summary>
    internal static FusedBlock Of(ResidualBranch branch, FlatGradients gradients, nint zero, nint one)
    {
        PlacedParameter Bias(int index) => index < branch.Biases.Count ? PlacedParameter.Of(branch.Biases[index], gradients) : new(zero, 0);
        return new FusedBlock(
            PlacedParameter.Of(branch.Layers[0].Weight, gradients), PlacedParameter.Of(branch.Layers[1].Weight, gradients),
            Bias(0), Bias(1), Bias(2), Bias(3),
            branch.Multiplier is { } scale ? PlacedParameter.Of(scale, gradients) : new(one, 0));
    }

    /// <summary>Whether a block is of a kind that the kernels compute.</summary>
    internal static bool Knows(ResidualBlock block) => block is FixupBasicBlock or PlainBasicBlock && block.Shape.KeepsShape;
}

/// <summary>A parameter and its gradient on the device.</summary>
/// <param name="Values">Where the values are.</param>
/// <param name="Gradient">Where the gradient goes; 0 for a constant.</param>
internal readonly record struct PlacedParameter(nint Values, nint Gradient)
{
    internal static PlacedParameter Of(Parameter parameter, FlatGradients gradients) =>
        new(CudaRuntime.AddressOf(parameter), CudaRuntime.AddressOf(gradients.Of(parameter)));
}
