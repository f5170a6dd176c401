using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FixupNet.Engine.DepthFirst;
using FixupNet.Execution;
using FixupNet.Optimization;
using FixupNet.Residual;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FixupNet.Engine;

/// <summary>A network as the engine sees it: shapes, and where parameters and their gradients are in memory.</summary>
internal sealed unsafe class EngineNetwork
{
    private readonly FlatGradients? _gradients;
    private readonly HashSet<object> _placed = new(ReferenceEqualityComparer.Instance);

    // A constant multiplier is a value like a learned one, beside a gradient that nobody reads; pinned, so that it does not move.
    private readonly float[] _constants;

    /// <summary>Reads a network's description.</summary>
    /// <param name="network">The network.</param>
    /// <param name="gradients">Its gradients; null where only shapes matter.</param>
    /// <param name="height">Height of the images.</param>
    /// <param name="width">Width of the images.</param>
    /// <exception cref="NotSupportedException">A step does not fit, or a parameter has no place.</exception>
    internal EngineNetwork(ResidualNetwork network, FlatGradients? gradients, int height, int width)
    {
        var topology = network.Topology;
        var (blocks, ends) = (new List<BasicBlock>(), EngineEnds.Match(topology, out var problem));
        problem ??= WhyNot(topology, blocks);
        if (problem is not null || ends is null) throw Refusal($"{problem}");
        _gradients = gradients;
        _constants = GC.AllocateArray<float>(2 * blocks.Count, pinned: true);
        Layers = new NetworkLayers(
            height, width, (int)ends.Classifier.Weight.shape[0], Convolution(ends.Stem, stride: 1), Place(ends.Bias1), [.. blocks.Select(Block)],
            Place(ends.Bias2), Place(ends.Classifier.Weight), Place(ends.Classifier.Bias));
        if (network.named_parameters().FirstOrDefault(item => !_placed.Contains(item.parameter)).name is { } leftOver)
            throw Refusal($"it has no place for the parameter {leftOver}");
    }

    /// <summary>The first step of a description that the engine does not compute; null if there is none.</summary>
    internal static string? WhyNot(ResidualTopology topology)
    {
        EngineEnds.Match(topology, out var problem);
        return problem ?? WhyNot(topology, []);
    }

    /// <summary>What the engine computes with.</summary>
    internal NetworkLayers Layers { get; }

    private static string? WhyNot(ResidualTopology topology, List<BasicBlock> blocks)
    {
        foreach (var branch in topology.Branches)
        {
            if (BasicBlock.Match(branch, out var problem) is not { } block) return problem;
            blocks.Add(block);
        }
        return null;
    }

    internal static NotSupportedException Refusal(string problem) => new($"The depth-first engine cannot train this network: {problem}.");

    private BlockLayers Block(BasicBlock block, int index) => new(
        Convolution(block.First, block.Stride), Convolution(block.Second, stride: 1),
        block.Projection is { } projection ? Convolution(projection, block.Stride) : default,
        Place(block.Bias1A), Place(block.Bias1B), Place(block.Bias2A), Place(block.Bias2B),
        block.Constant == 1 ? Place(block.Scale) : Constant(2 * index, block.Constant));

    private ConvolutionLayer Convolution(WeightLayer layer, int stride) =>
        new((int)layer.Weight.shape[1], (int)layer.Weight.shape[0], (int)layer.Weight.shape[2], stride, Place(layer.Weight));

    private ParameterMemory Constant(int place, double value)
    {
        _constants[place] = (float)value;
        var address = (float*)Unsafe.AsPointer(ref _constants[place]);
        return new(address, address + 1);
    }

    private ParameterMemory Place(Parameter? parameter)
    {
        if (parameter is null) return default;
        _placed.Add(parameter);
        return new(AddressOf(parameter), _gradients is null ? null : AddressOf(_gradients.Of(parameter)));
    }

    // The memory is libtorch's own: it does not move.
    private static float* AddressOf(Tensor tensor) => (float*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(tensor.bytes));
}
