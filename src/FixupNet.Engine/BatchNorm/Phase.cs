using FixupNet.Engine.DepthFirst;
using FixupNet.Engine.DepthFirst.Kernels;

namespace FixupNet.Engine.BatchNorm;

/// <summary>What is computed from one statistic of the batch to the next: part by part, by whichever worker is free, all of it on a part while that is in the cache.</summary>
/// <param name="step">What all phases share.</param>
/// <param name="elements">Elements of an image's largest tensor.</param>
internal abstract unsafe class Phase(BatchStep step, long elements)
{
    /// <summary>What all phases share.</summary>
    protected BatchStep Step { get; } = step;

    /// <summary>Parts of the batch at hand.</summary>
    internal int Parts => Step.Plan.Parts(elements, Step.Batch.Count);

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

    private int FirstOf(int part) => (int)((long)Step.Batch.Count * part / Parts);
}
