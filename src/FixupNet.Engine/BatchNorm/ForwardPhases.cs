using FixupNet.Engine.DepthFirst.Kernels;

namespace FixupNet.Engine.BatchNorm;

/// <summary>The stem's convolution.</summary>
internal sealed unsafe class StemPhase(BatchStep step) : Phase(step, step.Plan.StemElements)
{
    /// <inheritdoc/>
    protected override void Run(PartWorker worker, int part, int first, int count)
    {
        var shape = Step.Plan.Stem;
        var raw = Step.Of(Step.Plan.StemRaw, Step.Plan.StemElements, first);
        Step.Kernels.Forward(shape, count, Step.Batch.Pixels + ((long)first * shape.InSize), Step.Plan.Network.Stem.Weights.Values, raw, worker.Scratch);
        if (Step.IsTraining)
            Step.Kernels.Moments(new NormShape(count, shape.PaddedOut / Products.Block, shape.OutPixels), raw, Step.StemNorm.Centers, Moments(Step.StemNorm, part));
    }

    /// <inheritdoc/>
    internal override void Finish()
    {
        if (Step.IsTraining) Step.StemNorm.TakeMoments(Step.Memory.Moments(0), Parts, Step.ValuesOf(Step.Plan.Stem.OutPixels));
    }
}

/// <summary>A block's input, its first convolution, and what its shortcut makes of it.</summary>
internal sealed unsafe class FirstConvolutionPhase(BatchStep step, int index) : Phase(step, NormalizedPlan.LargerElements(step.Plan.Blocks[index]))
{
    private readonly PlannedNormalizedBlock _block = step.Plan.Blocks[index];
    private readonly BlockNorms _norms = step.Norms[index];

    /// <inheritdoc/>
    protected override void Run(PartWorker worker, int part, int first, int count)
    {
        var input = Step.ProduceInput(worker, index, first, count);
        var raw = Step.Of(_block.FirstRaw, _block.OutElements, first);
        var shape = BatchStep.ShapeOf(_block, count);
        if (_block.KeepsShape)
        {
            var tiles = _block.Tiles(count);
            Step.Kernels.Forward(tiles, worker.Filters(this, tiles, _block.First, backward: false), (Float32*)input, (Float32*)raw, worker.Scratch);
        }
        else
        {
            Step.Kernels.Forward(_block.Patches(_block.First), count, input, _block.First.Weights.Values, raw, worker.Scratch);
        }
        if (Step.IsTraining) Step.Kernels.Moments(shape, raw, _norms.First.Centers, Moments(_norms.First, part));
        if (_norms.Shortcut is not { } shortcut) return;
        var skip = Step.Of(_block.ShortcutRaw, _block.OutElements, first);
        if (_block.Shortcut.Exists) Step.Kernels.Forward(_block.Patches(_block.Shortcut), count, input, _block.Shortcut.Weights.Values, skip, worker.Scratch);
        else Step.Kernels.Sample(_block.Samples(count), (Float32*)input, 0, (Float32*)skip);
        if (Step.IsTraining) Step.Kernels.Moments(shape, skip, shortcut.Centers, Moments(shortcut, part, ofShortcut: true));
    }

    /// <inheritdoc/>
    internal override void Finish()
    {
        if (!Step.IsTraining) return;
        _norms.First.TakeMoments(Step.Memory.Moments(0), Parts, Step.ValuesOf(_block.OutPixels));
        _norms.Shortcut?.TakeMoments(Step.Memory.Moments(1), Parts, Step.ValuesOf(_block.OutPixels));
    }
}

/// <summary>A block's second convolution.</summary>
internal sealed unsafe class SecondConvolutionPhase(BatchStep step, int index) : Phase(step, step.Plan.Blocks[index].OutElements)
{
    private readonly PlannedNormalizedBlock _block = step.Plan.Blocks[index];
    private readonly BlockNorms _norms = step.Norms[index];

    /// <inheritdoc/>
    protected override void Run(PartWorker worker, int part, int first, int count)
    {
        var (shape, tiles) = (BatchStep.ShapeOf(_block, count), _block.Tiles(count));
        var raw = Step.Of(_block.SecondRaw, _block.OutElements, first);
        Step.Kernels.NormalizeRelu(shape, Step.Of(_block.FirstRaw, _block.OutElements, first), _norms.First.Forward, null, worker.First);
        Step.Kernels.Forward(tiles, worker.Filters(this, tiles, _block.Second, backward: false), (Float32*)worker.First, (Float32*)raw, worker.Scratch);
        if (Step.IsTraining) Step.Kernels.Moments(shape, raw, _norms.Second.Centers, Moments(_norms.Second, part));
    }

    /// <inheritdoc/>
    internal override void Finish()
    {
        if (Step.IsTraining) _norms.Second.TakeMoments(Step.Memory.Moments(0), Parts, Step.ValuesOf(_block.OutPixels));
    }
}
