using FixupNet.Engine.BatchNorm;
using FixupNet.Engine.DepthFirst;
using FixupNet.Residual;
using static TorchSharp.torch;

namespace FixupNet.Engine;

/// <summary>A network with batch normalization.</summary>
internal sealed unsafe class NormalizedNetwork : EngineNetwork
{
    private readonly NormalizedLayers _layers;

    /// <param name="steps">Its steps.</param>
    /// <param name="places">Where its parameters are.</param>
    /// <param name="height">Height of the images.</param>
    /// <param name="width">Width of the images.</param>
    internal NormalizedNetwork(NormalizedSteps steps, ParameterPlaces places, int height, int width) => _layers = new NormalizedLayers(
        height, width, places.Convolution(steps.Stem, stride: 1), Norm(steps.StemNorm, places), [.. steps.Blocks.Select(block => Block(block, places))],
        places.Head(steps.Classifier, bias2: null));

    /// <inheritdoc/>
    internal override int ClassCount => _layers.Head.ClassCount;

    /// <inheritdoc/>
    internal override IEnginePlan Plan(EngineOptions options) => new NormalizedPlan(_layers, options);

    private static NormalizedBlockLayers Block(NormalizedBlock block, ParameterPlaces places) => new(
        places.Convolution(block.First, block.Stride), Norm(block.FirstNorm, places), places.Convolution(block.Second, stride: 1), Norm(block.SecondNorm, places),
        block.Projection is { } projection ? places.Convolution(projection, block.Stride) : default,
        block.ShortcutNorm is { } norm ? Norm(norm, places) : null);

    private static NormMemory Norm(NormalizeStep step, ParameterPlaces places)
    {
        var running = step.Running!;
        return new NormMemory((int)step.Norm.Weight.shape[0], places.Place(step.Norm.Weight), places.Place(step.Norm.Bias), running.eps)
        {
            RunningMeans = AddressOf<float>(running.running_mean, step),
            RunningVariances = AddressOf<float>(running.running_var, step),
            BatchCount = AddressOf<long>(running.num_batches_tracked, step),
        };
    }

    // TorchSharp has modules that keep none.
    private static T* AddressOf<T>(Tensor? statistics, NormalizeStep step) where T : unmanaged =>
        ParameterPlaces.AddressOf<T>(statistics ?? throw Refusal($"{step.Norm.Name} keeps no running statistics"));
}
