using FixupNet.Engine.BatchNorm;
using FixupNet.Engine.DepthFirst;
using FixupNet.Engine.Steps;
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
    internal NormalizedNetwork(NetworkSteps steps, ParameterPlaces places, int height, int width) => _layers = new NormalizedLayers(
        height, width, places.Convolution(steps.Stem.Conv, steps.Stem.Stride), Norm(steps.AfterStem.Norm!, places),
        steps.Pool is { } pool ? new PoolLayer(pool.Kernel, pool.Stride) : default, [.. steps.Blocks.Select(block => Block(block, places))],
        places.Head(steps.Classifier, bias2: null));

    /// <inheritdoc/>
    internal override int ClassCount => _layers.Head.ClassCount;

    /// <inheritdoc/>
    internal override IEnginePlan Plan(EngineOptions options) => new NormalizedPlan(_layers, options);

    private static NormalizedBlockLayers Block(BlockSteps block, ParameterPlaces places) => new(
        [.. block.Layers.Select(layer => new NormalizedLayer(places.Convolution(layer.Convolution.Conv, layer.Convolution.Stride), Norm(layer.After.Norm!, places)))],
        block.Shortcut.Convolution is { } shortcut ? places.Convolution(shortcut.Conv, shortcut.Stride) : default,
        block.Shortcut.Norm is { } norm ? Norm(norm, places) : null);

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
