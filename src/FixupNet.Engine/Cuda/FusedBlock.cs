using FixupNet.Engine.Steps;
using FixupNet.Optimization;
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
    /// <summary>Finds the parameters; what a block lacks is a constant.</summary>
    /// <param name="block">The block.</param>
    /// <param name="gradients">Where gradients go.</param>
    /// <param name="zero">Where a 0 is.</param>
    /// <param name="constant">Where the constant multiplier is, used where none is learned.</param>
    internal static FusedBlock Of(BasicBlock block, FlatGradients gradients, nint zero, nint constant)
    {
        PlacedParameter Place(Parameter? parameter, nint otherwise) => parameter is null ? new(otherwise, 0) : PlacedParameter.Of(parameter, gradients);
        return new FusedBlock(
            Place(block.First.Weight, 0), Place(block.Second.Weight, 0), Place(block.Bias1A, zero), Place(block.Bias1B, zero), Place(block.Bias2A, zero),
            Place(block.Bias2B, zero), Place(block.Scale, constant));
    }
}

/// <summary>A parameter and its gradient on the device.</summary>
/// <param name="Values">Where the values are.</param>
/// <param name="Gradient">Where the gradient goes; 0 for a constant.</param>
internal readonly record struct PlacedParameter(nint Values, nint Gradient)
{
    internal static PlacedParameter Of(Parameter parameter, FlatGradients gradients) =>
        new(CudaRuntime.AddressOf(parameter), CudaRuntime.AddressOf(gradients.Of(parameter)));
}
