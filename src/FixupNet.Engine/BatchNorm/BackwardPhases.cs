using FixupNet.Engine.DepthFirst;
using FixupNet.Engine.DepthFirst.Kernels;

namespace FixupNet.Engine.BatchNorm;

/// <summary>Back through a later convolution of a block and what normalizes it, to the normalization before.</summary>
internal sealed unsafe class LaterGradientPhase(BatchStep step, int index, int convolution, int partials)
    : Phase(
        step, NormalizedPlan.PartElementsOf(step.Plan.Blocks[index].Convolutions[convolution].Convolution),
        step.Plan.Blocks[index].Convolutions[convolution].Convolution.Layer.WeightCount)
{
    private readonly PlannedNormalizedBlock _block = step.Plan.Blocks[index];
    private readonly PlannedNormalizedLayer _before = step.Plan.Blocks[index].Convolutions[convolution - 1];
    private readonly PlannedNormalizedLayer _layer = step.Plan.Blocks[index].Convolutions[convolution];
    private readonly BlockNorms _norms = step.Norms[index];
    private readonly PartialGradients _weights = new(step, step.Plan.Blocks[index].Convolutions[convolution].Convolution, step.Memory.Partials(partials));

    // The shortcut meets the branch's last normalization.
    private Normalizer? Shortcut => convolution == _block.Convolutions.Count - 1 ? _norms.Shortcut : null;

    /// <inheritdoc/>
    internal override int SumCount => _weights.SumCount;

    /// <inheritdoc/>
    protected override void Run(PartWorker worker, int part, int first, int count)
    {
        var (layer, norm, normBefore, shape) = (_layer.Convolution, _norms.Branch[convolution], _norms.Branch[convolution - 1], _before.Convolution.OutShape(count));
        var isLast = convolution == _block.Convolutions.Count - 1;
        Float32* gradient = (isLast ? Step.Memory.Gradient(_block.GradientBuffer) : Step.Memory.Inner(convolution)) + (first * layer.OutElements);
        Float32* inner = Step.Memory.Inner(convolution - 1) + (first * layer.InElements), raw = Step.Raw(_before, first);
        Float32* ofThis = worker.First, hidden = worker.Second;
        Step.Kernels.NormalizeBackward(layer.OutShape(count), gradient, norm.Factors, Step.Raw(_layer, first), norm.Backward, ofThis);
        // As in the forward pass: a pass over a part costs less than a tensor of the batch.
        Step.Kernels.NormalizeRelu(shape, raw, normBefore.Forward, null, hidden);
        BackwardWeights(worker, layer, count, hidden, ofThis, _weights.Clear(part));
        var end = new BackwardEnd<Float32>(1, null, hidden);
        BackwardData(worker, layer, count, ofThis, ref end, inner, worker.Third);
        Step.Kernels.GradientMoments(shape, inner, raw, normBefore.Forward.Means, Moments(normBefore, part));
        if (Shortcut is { } shortcut)
            Step.Kernels.GradientMoments(
                _block.OutShape(count), gradient, Step.Of(_block.ShortcutRaw, _block.OutElements, first), shortcut.Forward.Means, Moments(shortcut, part, ofShortcut: true));
    }

    /// <inheritdoc/>
    internal override void Finish()
    {
        _norms.Branch[convolution - 1].TakeGradientMoments(Step.Memory.Moments(0), Parts, Step.ValuesOf(_before.Convolution.OutPixels));
        Shortcut?.TakeGradientMoments(Step.Memory.Moments(1), Parts, Step.ValuesOf(_block.OutPixels));
    }

    /// <inheritdoc/>
    internal override void Sum(int index) => _weights.Sum(index, Parts);
}

/// <summary>Back through a block's first normalization and convolution and its shortcut, to the end of what comes before.</summary>
internal sealed unsafe class FirstGradientPhase : Phase
{
    private readonly PlannedNormalizedBlock _block;
    private readonly PlannedNormalizedLayer _layer;
    private readonly BlockNorms _norms;
    private readonly bool _isAfterPool;
    private readonly Normalizer _normBefore;
    private readonly long _rawBefore;
    private readonly PartialGradients _weights;
    private readonly PartialGradients? _shortcutWeights;

    internal FirstGradientPhase(BatchStep step, int index, int partials) : base(step, step.Plan.FirstPartElements(index), step.Plan.Blocks[index].FirstWeights)
    {
        (_block, _norms) = (step.Plan.Blocks[index], step.Norms[index]);
        _layer = _block.Convolutions[0];
        _isAfterPool = index == 0 && step.Plan.HasPool;
        (_normBefore, _rawBefore) = index == 0 ? (step.StemNorm, step.Plan.StemRaw) : (step.Norms[index - 1].Branch[^1], step.Plan.Blocks[index - 1].Convolutions[^1].Raw);
        var memory = step.Memory.Partials(partials);
        _weights = new PartialGradients(step, _layer.Convolution, memory);
        if (_block.Shortcut is { } shortcut)
            _shortcutWeights = new PartialGradients(step, shortcut, memory + (step.Plan.Parts(step.Plan.FirstPartElements(index), step.Plan.Capacity, _block.FirstWeights) * _weights.Count));
    }

    /// <inheritdoc/>
    internal override int SumCount => _weights.SumCount + (_shortcutWeights?.SumCount ?? 0);

    private int PixelsBefore => _isAfterPool ? Step.Plan.Stem.OutPixels : _block.InPixels;

    /// <inheritdoc/>
    protected override void Run(PartWorker worker, int part, int first, int count)
    {
        var layer = _layer.Convolution;
        Float32* ofThis = worker.First, input = Step.Of(_block.Input, _block.InElements, first);
        Step.Kernels.NormalizeBackward(
            layer.OutShape(count), Step.Memory.Inner(0) + (first * layer.OutElements), _norms.Branch[0].Factors, Step.Raw(_layer, first), _norms.Branch[0].Backward, ofThis);
        var before = Step.Memory.Gradient(_block.InputGradientBuffer) + (first * _block.InElements);
        BackwardWeights(worker, layer, count, input, ofThis, _weights.Clear(part));
        // The gradient of the result is where that of the input goes, or the shortcut has one of its own.
        var end = new BackwardEnd<Float32>(1, _block.KeepsShape ? before : ThroughShortcut(worker, part, first, count, input), input);
        BackwardData(worker, layer, count, ofThis, ref end, before, worker.Second);
        if (_isAfterPool) before = ThroughPool(worker, first, count, input, before);
        var shape = _isAfterPool ? Step.Plan.StemShape(count) : layer.InShape(count);
        var elements = _isAfterPool ? Step.Plan.StemElements : _block.InElements;
        Step.Kernels.GradientMoments(shape, before, Step.Of(_rawBefore, elements, first), _normBefore.Forward.Means, Moments(_normBefore, part));
    }

    /// <inheritdoc/>
    internal override void Finish() => _normBefore.TakeGradientMoments(Step.Memory.Moments(0), Parts, Step.ValuesOf(PixelsBefore));

    /// <inheritdoc/>
    internal override void Sum(int index)
    {
        if (index < _weights.SumCount) _weights.Sum(index, Parts);
        else _shortcutWeights!.Sum(index - _weights.SumCount, Parts);
    }

    // The few blocks that change the shape: the gradient of what the shortcut took.
    private Float32* ThroughShortcut(PartWorker worker, int part, int first, int count, Float32* input)
    {
        var (kernels, norm) = (Step.Kernels, _norms.Shortcut!);
        Float32* ofShortcut = worker.Second, ofInput = worker.Third;
        kernels.NormalizeBackward(
            _block.OutShape(count), Step.Memory.Gradient(_block.GradientBuffer) + (first * _block.OutElements), norm.Factors,
            Step.Of(_block.ShortcutRaw, _block.OutElements, first), norm.Backward, ofShortcut);
        if (_block.Shortcut is { } shortcut)
        {
            BackwardWeights(worker, shortcut, count, input, ofShortcut, _shortcutWeights!.Clear(part));
            kernels.BackwardData(shortcut.Patches, count, (float*)ofShortcut, shortcut.Layer.Weights.Values, (float*)ofInput, worker.Scratch);
        }
        else
        {
            new Span<float>(ofInput, checked((int)(count * _block.InElements))).Clear();
            kernels.AddSampledGradient(_block.Samples(count), ofShortcut, (float*)ofInput);
        }
        return ofInput;
    }

    private Float32* ThroughPool(PartWorker worker, int first, int count, Float32* pooled, Float32* gradient)
    {
        var plan = Step.Plan;
        var stem = worker.First;
        var before = Step.Memory.StemGradient + (first * plan.StemElements);
        Step.Kernels.NormalizeRelu(plan.StemShape(count), Step.Of(plan.StemRaw, plan.StemElements, first), Step.StemNorm.Forward, null, stem);
        new Span<float>(before, checked((int)(count * plan.StemElements))).Clear();
        Step.Kernels.AddPooledGradient(plan.Pool, count, stem, pooled, gradient, (float*)before);
        return before;
    }
}

/// <summary>Back through the stem's normalization to its weights.</summary>
internal sealed unsafe class StemGradientPhase(BatchStep step, int partials) : Phase(step, step.Plan.StemElements)
{
    private readonly PartialGradients _weights = new(step, step.Plan.Network.Stem, isPacked: false, step.Memory.Partials(partials));

    /// <inheritdoc/>
    internal override int SumCount => _weights.SumCount;

    /// <inheritdoc/>
    protected override void Run(PartWorker worker, int part, int first, int count)
    {
        var (shape, elements) = (Step.Plan.Stem, Step.Plan.StemElements);
        Step.Kernels.NormalizeBackward(
            Step.Plan.StemShape(count), Step.Memory.StemGradient + (first * elements), Step.StemNorm.Factors,
            Step.Of(Step.Plan.StemRaw, elements, first), Step.StemNorm.Backward, worker.First);
        Step.Kernels.BackwardWeights(shape, count, Step.Batch.Pixels + ((long)first * shape.InSize), (float*)worker.First, _weights.Clear(part), worker.Scratch);
    }

    /// <inheritdoc/>
    internal override void Sum(int index) => _weights.Sum(index, Parts);
}
