using FixupNet.Engine.DepthFirst.Kernels;

namespace FixupNet.Engine.BatchNorm;

/// <summary>Back through a block's second normalization and convolution, to the first normalization.</summary>
internal sealed unsafe class SecondGradientPhase(BatchStep step, int index) : Phase(step, step.Plan.Blocks[index].OutElements)
{
    private readonly PlannedNormalizedBlock _block = step.Plan.Blocks[index];
    private readonly BlockNorms _norms = step.Norms[index];
    private readonly PartialGradients _weights = new(step, step.Plan.Blocks[index].Second, isPacked: true, step.Memory.Partials(0));

    /// <inheritdoc/>
    internal override int SumCount => _weights.SumCount;

    /// <inheritdoc/>
    protected override void Run(PartWorker worker, int part, int first, int count)
    {
        var (shape, tiles, offset) = (BatchStep.ShapeOf(_block, count), _block.Tiles(count), first * _block.OutElements);
        float* gradient = Step.Memory.Gradient(_block.GradientBuffer) + offset, inner = Step.Memory.Inner + offset;
        var raw = Step.Of(_block.FirstRaw, _block.OutElements, first);
        float* ofSecond = worker.First, hidden = worker.Second;
        Step.Kernels.NormalizeBackward(
            shape, gradient, _norms.Second.Factors, Step.Of(_block.SecondRaw, _block.OutElements, first), _norms.Second.Backward, ofSecond);
        // As in the forward pass: a pass over a part costs less than a tensor of the batch.
        Step.Kernels.NormalizeRelu(shape, raw, _norms.First.Forward, null, hidden);
        Step.Kernels.BackwardWeights(tiles, (Float32*)hidden, 0, (Float32*)ofSecond, _weights.Clear(part), worker.Scratch);
        var end = new BackwardEnd<Float32>(1, null, (Float32*)hidden);
        Step.Kernels.BackwardData(tiles, worker.Filters(this, tiles, _block.Second, backward: true), (Float32*)ofSecond, ref end, (Float32*)inner, worker.Scratch);
        Step.Kernels.GradientMoments(shape, inner, raw, _norms.First.Forward.Means, Moments(_norms.First, part));
        if (_norms.Shortcut is { } shortcut)
            Step.Kernels.GradientMoments(
                shape, gradient, Step.Of(_block.ShortcutRaw, _block.OutElements, first), shortcut.Forward.Means, Moments(shortcut, part, ofShortcut: true));
    }

    /// <inheritdoc/>
    internal override void Finish()
    {
        _norms.First.TakeGradientMoments(Step.Memory.Moments(0), Parts, Step.ValuesOf(_block.OutPixels));
        _norms.Shortcut?.TakeGradientMoments(Step.Memory.Moments(1), Parts, Step.ValuesOf(_block.OutPixels));
    }

    /// <inheritdoc/>
    internal override void Sum(int index) => _weights.Sum(index, Parts);
}

/// <summary>Back through a block's first normalization and convolution and its shortcut, to the end of what comes before.</summary>
internal sealed unsafe class FirstGradientPhase : Phase
{
    private readonly PlannedNormalizedBlock _block;
    private readonly BlockNorms _norms;
    private readonly Normalizer _normBefore;
    private readonly long _rawBefore;
    private readonly PartialGradients _weights;
    private readonly PartialGradients? _shortcutWeights;

    internal FirstGradientPhase(BatchStep step, int index) : base(step, NormalizedPlan.LargerElements(step.Plan.Blocks[index]))
    {
        (_block, _norms) = (step.Plan.Blocks[index], step.Norms[index]);
        (_normBefore, _rawBefore) = index == 0 ? (step.StemNorm, step.Plan.StemRaw) : (step.Norms[index - 1].Second, step.Plan.Blocks[index - 1].SecondRaw);
        var partials = step.Memory.Partials(1);
        _weights = new PartialGradients(step, _block.First, _block.KeepsShape, partials);
        if (_block.Shortcut.Exists)
            _shortcutWeights = new PartialGradients(
                step, _block.Shortcut, isPacked: false, partials + (step.Plan.Parts(NormalizedPlan.LargerElements(_block), step.Plan.Capacity) * _weights.Count));
    }

    /// <inheritdoc/>
    internal override int SumCount => _weights.SumCount + (_shortcutWeights?.SumCount ?? 0);

    /// <inheritdoc/>
    protected override void Run(PartWorker worker, int part, int first, int count)
    {
        float* input = Step.Of(_block.Input, _block.InElements, first), ofFirst = worker.First;
        Step.Kernels.NormalizeBackward(
            BatchStep.ShapeOf(_block, count), Step.Memory.Inner + (first * _block.OutElements), _norms.First.Factors,
            Step.Of(_block.FirstRaw, _block.OutElements, first), _norms.First.Backward, ofFirst);
        var before = Step.Memory.Gradient(_block.InputGradientBuffer) + (first * _block.InElements);
        if (_block.KeepsShape)
        {
            var tiles = _block.Tiles(count);
            Step.Kernels.BackwardWeights(tiles, (Float32*)input, 0, (Float32*)ofFirst, _weights.Clear(part), worker.Scratch);
            var end = new BackwardEnd<Float32>(1, (Float32*)before, (Float32*)input);
            Step.Kernels.BackwardData(tiles, worker.Filters(this, tiles, _block.First, backward: true), (Float32*)ofFirst, ref end, (Float32*)before, worker.Scratch);
        }
        else
        {
            ThroughOtherShape(worker, part, first, count, before);
        }
        var shape = new NormShape(count, (int)(_block.InElements / _block.InPixels / Products.Block), _block.InPixels);
        Step.Kernels.GradientMoments(shape, before, Step.Of(_rawBefore, _block.InElements, first), _normBefore.Forward.Means, Moments(_normBefore, part));
    }

    /// <inheritdoc/>
    internal override void Finish() => _normBefore.TakeGradientMoments(Step.Memory.Moments(0), Parts, Step.ValuesOf(_block.InPixels));

    /// <inheritdoc/>
    internal override void Sum(int index)
    {
        if (index < _weights.SumCount) _weights.Sum(index, Parts);
        else _shortcutWeights!.Sum(index - _weights.SumCount, Parts);
    }

    // The few blocks that change the shape, step by step.
    private void ThroughOtherShape(PartWorker worker, int part, int first, int count, float* before)
    {
        var (kernels, patches) = (Step.Kernels, _block.Patches(_block.First));
        float* input = Step.Of(_block.Input, _block.InElements, first), ofInput = worker.Second;
        kernels.BackwardWeights(patches, count, input, worker.First, _weights.Clear(part), worker.Scratch);
        kernels.BackwardData(patches, count, worker.First, _block.First.Weights.Values, ofInput, worker.Scratch);
        var ofShortcut = worker.First;
        var norm = _norms.Shortcut!;
        kernels.NormalizeBackward(
            BatchStep.ShapeOf(_block, count), Step.Memory.Gradient(_block.GradientBuffer) + (first * _block.OutElements), norm.Factors,
            Step.Of(_block.ShortcutRaw, _block.OutElements, first), norm.Backward, ofShortcut);
        if (_shortcutWeights is null)
        {
            kernels.AddSampledGradient(_block.Samples(count), (Float32*)ofShortcut, ofInput);
        }
        else
        {
            var shortcut = _block.Patches(_block.Shortcut);
            kernels.BackwardWeights(shortcut, count, input, ofShortcut, _shortcutWeights.Clear(part), worker.Scratch);
            kernels.BackwardData(shortcut, count, ofShortcut, _block.Shortcut.Weights.Values, worker.Third, worker.Scratch);
            kernels.Add(worker.Third, count * _block.InElements, ofInput);
        }
        var end = new BackwardEnd<Float32>(1, null, (Float32*)input);
        kernels.EndBackward(ofInput, ref end, count * _block.InElements, (Float32*)before);
    }
}

/// <summary>Back through the stem's normalization to its weights.</summary>
internal sealed unsafe class StemGradientPhase(BatchStep step) : Phase(step, step.Plan.StemElements)
{
    private readonly PartialGradients _weights = new(step, step.Plan.Network.Stem, isPacked: false, step.Memory.Partials(0));

    /// <inheritdoc/>
    internal override int SumCount => _weights.SumCount;

    /// <inheritdoc/>
    protected override void Run(PartWorker worker, int part, int first, int count)
    {
        var (shape, elements) = (Step.Plan.Stem, Step.Plan.StemElements);
        Step.Kernels.NormalizeBackward(
            new NormShape(count, shape.PaddedOut / Products.Block, shape.OutPixels), Step.Memory.Gradient(Step.Plan.Blocks[0].InputGradientBuffer) + (first * elements),
            Step.StemNorm.Factors, Step.Of(Step.Plan.StemRaw, elements, first), Step.StemNorm.Backward, worker.First);
        Step.Kernels.BackwardWeights(shape, count, Step.Batch.Pixels + ((long)first * shape.InSize), worker.First, _weights.Clear(part), worker.Scratch);
    }

    /// <inheritdoc/>
    internal override void Sum(int index) => _weights.Sum(index, Parts);
}
