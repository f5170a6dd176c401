using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FixupNet.Engine.DepthFirst;
using FixupNet.Models.Architectures;
using FixupNet.Models.Blocks;
using FixupNet.Optimizers;
using FixupNet.Residual;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FixupNet.Engine;

/// <summary>A network as the engine sees it: shapes, and where parameters and their gradients are in memory.</summary>
internal sealed unsafe class EngineNetwork
{
    private readonly FlatGradients? _gradients;
    private readonly HashSet<object> _placed = new(ReferenceEqualityComparer.Instance);

    /// <param name="network">The network.</param>
    /// <param name="gradients">Its gradients; null where only shapes matter.</param>
    /// <param name="height">Height of the images.</param>
    /// <param name="width">Width of the images.</param>
    internal EngineNetwork(CifarResidualNetwork network, FlatGradients? gradients, int height, int width)
    {
        _gradients = gradients;
        var topology = network.Topology;
        var (weights, bias) = (topology.Classifier.Weight, topology.Classifier.Bias!);
        Layers = new NetworkLayers(
            height, width, (int)weights.shape[0], Convolution(topology.Stem[0], stride: 1), Scalar(topology.Scalars, 0),
            [.. network.Blocks.Select(item => Block(item.Block, item.Block.Describe(item.Name)))], Scalar(topology.Scalars, 1), Place(weights), Place(bias));
        LeftOver = network.named_parameters().FirstOrDefault(item => !_placed.Contains(item.parameter)).name;
    }

    /// <summary>The first parameter that the engine has no place for, which it would silently not train; null if there is none.</summary>
    internal string? LeftOver { get; }

    /// <summary>What the engine computes with.</summary>
    internal NetworkLayers Layers { get; }

    private BlockLayers Block(ResidualBlock block, ResidualBranch branch) => new(
        Convolution(branch.Layers[0], block.Shape.Stride), Convolution(branch.Layers[1], stride: 1),
        branch.Shortcut is { } shortcut ? Convolution(shortcut, block.Shape.Stride) : default,
        Scalar(branch.Biases, 0), Scalar(branch.Biases, 1), Scalar(branch.Biases, 2), Scalar(branch.Biases, 3),
        branch.Multiplier is { } multiplier ? Place(multiplier) : default);

    private ConvolutionLayer Convolution(WeightLayer layer, long stride) =>
        new((int)layer.Weight.shape[1], (int)layer.Weight.shape[0], (int)layer.Weight.shape[2], (int)stride, Place(layer.Weight));

    private ParameterMemory Scalar(IReadOnlyList<Parameter> scalars, int index) => index < scalars.Count ? Place(scalars[index]) : default;

    private ParameterMemory Place(Parameter parameter)
    {
        _placed.Add(parameter);
        return new(AddressOf(parameter), _gradients is null ? null : AddressOf(_gradients.Of(parameter)));
    }

    // The memory is libtorch's own: it does not move.
    private static float* AddressOf(Tensor tensor) => (float*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(tensor.bytes));
}
