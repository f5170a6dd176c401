using FixupNet.Engine.DepthFirst;
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
        Step.Kernels.Forward(shape, count, Step.Batch.Pixels + ((long)first * shape.InSize), Step.Plan.Network.Stem.Weights.Values, (float*)raw, worker.Scratch);
        if (Step.IsTraining) Step.Kernels.Moments(Step.Plan.StemShape(count), raw, Step.StemNorm.Centers, Moments(Step.StemNorm, part));
    }

    /// <inheritdoc/>
    internal override void Finish()
    {
        if (Step.IsTraining) Step.StemNorm.TakeMoments(Step.Memory.Moments(0), Parts, Step.ValuesOf(Step.Plan.Stem.OutPixels));
    }
}

/// <summary>A block's input, its first convolution, and what its shortcut makes of it.</summary>
internal sealed unsafe class FirstConvolutionPhase(BatchStep step, int index) : Phase(step, step.Plan.FirstPartElements(index), step.Plan.Blocks[index].FirstWeights)
{
    private readonly PlannedNormalizedBlock _block = step.Plan.Blocks[index];
    private readonly PlannedNormalizedLayer _layer = step.Plan.Blocks[index].Convolutions[0];
    private readonly BlockNorms _norms = step.Norms[index];

    /// <inheritdoc/>
    protected override void Run(PartWorker worker, int part, int first, int count)
    {
        Float32* input = Step.ProduceInput(worker, index, first, count), raw = Step.Raw(_layer, first);
        Convolve(worker, _layer.Convolution, count, input, raw);
        if (Step.IsTraining) Step.Kernels.Moments(_layer.Convolution.OutShape(count), raw, _norms.Branch[0].Centers, Moments(_norms.Branch[0], part));
        if (_norms.Shortcut is not { } shortcut) return;
        var skip = Step.Of(_block.ShortcutRaw, _block.OutElements, first);
        if (_block.Shortcut is { } convolution) Step.Kernels.Forward(convolution.Patches, count, (float*)input, convolution.Layer.Weights.Values, (float*)skip, worker.Scratch);
        else Step.Kernels.Sample(_block.Samples(count), input, 0, skip);
        if (Step.IsTraining) Step.Kernels.Moments(_block.OutShape(count), skip, shortcut.Centers, Moments(shortcut, part, ofShortcut: true));
    }

    /// <inheritdoc/>
    internal override void Finish()
    {
        if (!Step.IsTraining) return;
        _norms.Branch[0].TakeMoments(Step.Memory.Moments(0), Parts, Step.ValuesOf(_layer.Convolution.OutPixels));
        _norms.Shortcut?.TakeMoments(Step.Memory.Moments(1), Parts, Step.ValuesOf(_block.OutPixels));
    }
}

/// <summary>A later convolution of a block, of what is normalized before it.</summary>
internal sealed unsafe class LaterConvolutionPhase(BatchStep step, int index, int convolution)
    : Phase(
        step, NormalizedPlan.PartElementsOf(step.Plan.Blocks[index].Convolutions[convolution].Convolution),
        step.Plan.Blocks[index].Convolutions[convolution].Convolution.Layer.WeightCount)
{
    private readonly PlannedNormalizedLayer _before = step.Plan.Blocks[index].Convolutions[convolution - 1];
    private readonly PlannedNormalizedLayer _layer = step.Plan.Blocks[index].Convolutions[convolution];
    private readonly Normalizer _normBefore = step.Norms[index].Branch[convolution - 1];
    private readonly Normalizer _norm = step.Norms[index].Branch[convolution];

    /// <inheritdoc/>
    protected override void Run(PartWorker worker, int part, int first, int count)
    {
        var raw = Step.Raw(_layer, first);
        Step.Kernels.NormalizeRelu(_before.Convolution.OutShape(count), Step.Raw(_before, first), _normBefore.Forward, null, worker.First);
        Convolve(worker, _layer.Convolution, count, worker.First, raw);
        if (Step.IsTraining) Step.Kernels.Moments(_layer.Convolution.OutShape(count), raw, _norm.Centers, Moments(_norm, part));
    }

    /// <inheritdoc/>
    internal override void Finish()
    {
        if (Step.IsTraining) _norm.TakeMoments(Step.Memory.Moments(0), Parts, Step.ValuesOf(_layer.Convolution.OutPixels));
    }
}
