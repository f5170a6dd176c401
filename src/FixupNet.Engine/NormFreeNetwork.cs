using System.Runtime.CompilerServices;
using FixupNet.Engine.DepthFirst;

namespace FixupNet.Engine;

/// <summary>A network whose images do not see each other.</summary>
internal sealed unsafe class NormFreeNetwork : EngineNetwork
{
    private readonly NetworkLayers _layers;

    // A constant multiplier is a value like a learned one, beside a gradient that nobody reads; pinned, so that it does not move.
    private readonly float[] _constants;

    /// <param name="steps">Its steps.</param>
    /// <param name="places">Where its parameters are.</param>
    /// <param name="height">Height of the images.</param>
    /// <param name="width">Width of the images.</param>
    internal NormFreeNetwork(NormFreeSteps steps, ParameterPlaces places, int height, int width)
    {
        _constants = GC.AllocateArray<float>(2 * steps.Blocks.Count, pinned: true);
        _layers = new NetworkLayers(
            height, width, places.Convolution(steps.Stem, stride: 1), places.Place(steps.Bias1), [.. steps.Blocks.Select((block, index) => Block(block, index, places))],
            places.Head(steps.Classifier, steps.Bias2));
    }

    /// <inheritdoc/>
    internal override int ClassCount => _layers.Head.ClassCount;

    /// <inheritdoc/>
    internal override IEnginePlan Plan(EngineOptions options) => new EnginePlan(_layers, options);

    private BlockLayers Block(BasicBlock block, int index, ParameterPlaces places) => new(
        places.Convolution(block.First, block.Stride), places.Convolution(block.Second, stride: 1),
        block.Projection is { } projection ? places.Convolution(projection, block.Stride) : default,
        places.Place(block.Bias1A), places.Place(block.Bias1B), places.Place(block.Bias2A), places.Place(block.Bias2B),
        block.Constant == 1 ? places.Place(block.Scale) : Constant(2 * index, block.Constant));

    private ParameterMemory Constant(int place, double value)
    {
        _constants[place] = (float)value;
        var address = (float*)Unsafe.AsPointer(ref _constants[place]);
        return new(address, address + 1);
    }
}
