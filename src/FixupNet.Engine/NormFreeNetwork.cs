using FixupNet.Engine.DepthFirst;
using FixupNet.Engine.Steps;
using FixupNet.Residual;

namespace FixupNet.Engine;

/// <summary>A network whose images do not see each other.</summary>
internal sealed class NormFreeNetwork : EngineNetwork
{
    private readonly ParameterPlaces _places;
    private readonly List<StandardizedWeights> _standardized = [];
    private readonly NetworkLayers _layers;

    /// <param name="steps">Its steps.</param>
    /// <param name="places">Where its parameters are.</param>
    /// <param name="height">Height of the images.</param>
    /// <param name="width">Width of the images.</param>
    internal NormFreeNetwork(NetworkSteps steps, ParameterPlaces places, int height, int width)
    {
        _places = places;
        _layers = new NetworkLayers(
            height, width, Convolution(steps.Stem), After(steps.Stem, steps.AfterStem), steps.Pool is { } pool ? new PoolLayer(pool.Kernel, pool.Stride) : default,
            [.. steps.Blocks.Select(Block)], places.Head(steps.Classifier, steps.Bias2) with { Gain = steps.HeadGain }, _standardized);
    }

    /// <inheritdoc/>
    internal override int ClassCount => _layers.Head.ClassCount;

    /// <inheritdoc/>
    internal override IEnginePlan Plan(EngineOptions options) => new EnginePlan(_layers, options);

    private BlockLayers Block(BlockSteps block) => BasicBlock.Of(block) is { } basic ? Block(basic) : Steps(block);

    private BasicBlockLayers Block(BasicBlock block) => new(
        _places.Convolution(block.First, block.Stride), _places.Convolution(block.Second, stride: 1),
        block.Projection is { } projection ? _places.Convolution(projection, block.Stride) : default,
        _places.Place(block.Bias1A), _places.Place(block.Bias1B), _places.Place(block.Bias2A), _places.Place(block.Bias2B),
        new LayerFactor(_places.Place(block.Scale), block.Constant));

    private StepsBlockLayers Steps(BlockSteps block)
    {
        var shortcut = block.Shortcut;
        return new StepsBlockLayers(
            block.HasReluBefore, block.GainBefore, _places.Place(block.ShiftBefore),
            [.. block.Layers.Select(layer => new StepsLayer(Convolution(layer.Convolution), After(layer.Convolution, layer.After)))], shortcut.StartsAtConvolution,
            shortcut.Convolution is { } convolution ? Convolution(convolution) : default,
            BetweenLayers.Nothing with { Norm = Norm(shortcut.Norm), ChannelBias = _places.Place(shortcut.Convolution?.Conv.Bias) }, block.SumFactor, block.EndsWithRelu);
    }

    private BetweenLayers After(ConvolveStep convolution, Between after) => new(
        Norm(after.Norm), _places.Place(convolution.Conv.Bias), new LayerFactor(_places.Place(after.Factor), after.Constant), _places.Place(after.Bias), after.HasRelu, after.Gain,
        _places.Place(after.Shift));

    private ImageNorm? Norm(NormalizeStep? step) =>
        step is null ? null : new ImageNorm((int)step.Norm.Weight.shape[0], step.GroupCount, _places.Place(step.Norm.Weight), _places.Place(step.Norm.Bias));

    private ConvolutionLayer Convolution(ConvolveStep step)
    {
        if (step.Conv.Gain is not { } gain) return _places.Convolution(step.Conv, step.Stride);
        var shape = step.Conv.Weight.shape;
        var weights = new StandardizedWeights(_places.Place(step.Conv.Weight), _places.Place(gain), (int)shape[0], (int)(shape[1] * shape[2] * shape[3]));
        _standardized.Add(weights);
        return new ConvolutionLayer((int)shape[1], (int)shape[0], (int)shape[2], step.Stride, weights.Result);
    }
}
