using FixupNet.Engine.DepthFirst;
using FixupNet.Engine.DepthFirst.Kernels;

namespace FixupNet.Engine.BatchNorm;

/// <summary>What is computed from one statistic of the batch to the next: part by part, by whichever worker is free, all of it on a part while that is in the cache.</summary>
/// <param name="step">What all phases share.</param>
/// <param name="elements">Elements of an image's largest tensor.</param>
/// <param name="weightCount">The weights that a part meets.</param>
internal abstract unsafe class Phase(BatchStep step, long elements, long weightCount = 0)
{
    /// <summary>What all phases share.</summary>
    protected BatchStep Step { get; } = step;

    /// <summary>Parts of the batch at hand.</summary>
    internal int Parts => Step.Plan.Parts(elements, Step.Batch.Count, weightCount);

    /// <summary>Gradients of weights to be added up over the parts, in the phase after this one.</summary>
    internal virtual int SumCount => 0;

    /// <summary>Computes a part.</summary>
    internal void Run(PartWorker worker, int part)
    {
        var first = FirstOf(part);
        Run(worker, part, first, FirstOf(part + 1) - first);
    }

    /// <summary>Puts together what the parts have left, in their order.</summary>
    internal virtual void Finish()
    {
    }

    /// <summary>Adds up one of the gradients of weights.</summary>
    internal virtual void Sum(int index)
    {
    }

    /// <summary>Computes some images.</summary>
    /// <param name="worker">Its memory.</param>
    /// <param name="part">The part's number.</param>
    /// <param name="first">Its first image.</param>
    /// <param name="count">Its images.</param>
    protected abstract void Run(PartWorker worker, int part, int first, int count);

    /// <summary>Where a part's sums over channels go.</summary>
    protected double* Moments(Normalizer norm, int part, bool ofShortcut = false) => Step.Memory.Moments(ofShortcut ? 1 : 0) + ((long)part * norm.MomentCount);

    /// <summary>given = conv(taken).</summary>
    protected void Convolve(PartWorker worker, PlannedConvolution convolution, int count, Float32* taken, Float32* given)
    {
        if (convolution.IsTiled) Step.Kernels.Forward(convolution.Tiles(count), worker.Filters(this, convolution, backward: false), taken, given, worker.Scratch);
        else Step.Kernels.ForwardPacked(convolution.Patches, count, (float*)taken, (float*)given, worker.Scratch, worker.Filters(this, convolution, backward: false));
    }

    /// <summary>sum += the gradient of a convolution's weights.</summary>
    protected void BackwardWeights(PartWorker worker, PlannedConvolution convolution, int count, Float32* taken, Float32* given, float* sum)
    {
        if (convolution.IsTiled) Step.Kernels.BackwardWeights(convolution.Tiles(count), taken, 0, given, sum, worker.Scratch);
        else Step.Kernels.BackwardWeights(convolution.Patches, count, (float*)taken, (float*)given, sum, worker.Scratch);
    }

    /// <summary>The gradient of what a convolution took; free is memory for such a tensor.</summary>
    protected void BackwardData(PartWorker worker, PlannedConvolution convolution, int count, Float32* given, ref BackwardEnd<Float32> end, Float32* output, Float32* free)
    {
        if (convolution.IsTiled)
        {
            Step.Kernels.BackwardData(convolution.Tiles(count), worker.Filters(this, convolution, backward: true), given, ref end, output, worker.Scratch);
            return;
        }
        Step.Kernels.BackwardDataPacked(convolution.Patches, count, (float*)given, (float*)free, worker.Scratch, worker.Filters(this, convolution, backward: true));
        Step.Kernels.EndBackward((float*)free, ref end, count * convolution.InElements, output);
    }

    private int FirstOf(int part) => (int)((long)Step.Batch.Count * part / Parts);
}
