using FixupNet.Engine.DepthFirst;
using FixupNet.Engine.DepthFirst.Kernels;

namespace FixupNet.Engine.BatchNorm;

/// <summary>A block's normalizations, one a convolution; none of the shortcut where it is the identity.</summary>
internal sealed record BlockNorms(IReadOnlyList<Normalizer> Branch, Normalizer? Shortcut);

/// <summary>What all phases of a step share: the plan, the batch at hand, its tensors, and the normalizations.</summary>
internal sealed unsafe class BatchStep : IDisposable
{
    internal BatchStep(NormalizedPlan plan, IKernels<Float32> kernels)
    {
        (Plan, Kernels, Memory) = (plan, kernels, new BatchMemory(plan));
        StemNorm = Memory.Normalizer(plan.Network.StemNorm, plan.Stem.PaddedOut);
        Norms = [.. plan.Blocks.Select(Create)];
        All = [StemNorm, .. Norms.SelectMany(norms => norms.Shortcut is { } shortcut ? norms.Branch.Append(shortcut) : norms.Branch)];
    }

    internal NormalizedPlan Plan { get; }

    internal IKernels<Float32> Kernels { get; }

    internal BatchMemory Memory { get; }

    internal Normalizer StemNorm { get; }

    internal IReadOnlyList<BlockNorms> Norms { get; }

    /// <summary>Every normalization.</summary>
    internal IReadOnlyList<Normalizer> All { get; }

    /// <summary>The images at hand.</summary>
    internal Images Batch { get; set; }

    /// <summary>Where class scores go when the network is evaluated; null in training.</summary>
    internal float* Logits { get; set; }

    internal bool IsTraining => Logits is null;

    /// <summary>Computes the input of a block, or, with the number of blocks, that of the head: the normalized end of what comes before.</summary>
    /// <param name="worker">Its memory.</param>
    /// <param name="index">Which block.</param>
    /// <param name="first">First image.</param>
    /// <param name="count">Images.</param>
    /// <returns>The input, where it is kept for the backward pass.</returns>
    internal Float32* ProduceInput(PartWorker worker, int index, int first, int count)
    {
        if (index == 0)
        {
            var block0 = Plan.Blocks[0];
            var to = Of(block0.Input, block0.InElements, first);
            var raw = Of(Plan.StemRaw, Plan.StemElements, first);
            Kernels.NormalizeRelu(Plan.StemShape(count), raw, StemNorm.Forward, null, Plan.HasPool ? worker.First : to);
            if (Plan.HasPool) Kernels.MaxPool(Plan.Pool, count, worker.First, to);
            return to;
        }
        var (block, norms) = (Plan.Blocks[index - 1], Norms[index - 1]);
        var shape = block.OutShape(count);
        Float32* output = Of(block.Output, block.OutElements, first), skip = Of(block.Input, block.InElements, first);
        if (norms.Shortcut is { } shortcut)
        {
            skip = worker.First;
            Kernels.Normalize(shape, Of(block.ShortcutRaw, block.OutElements, first), shortcut.Forward, skip);
        }
        Kernels.NormalizeRelu(shape, Of(block.Convolutions[^1].Raw, block.OutElements, first), norms.Branch[^1].Forward, skip, output);
        return output;
    }

    /// <summary>Images of a tensor, from one on.</summary>
    internal Float32* Of(long place, long elements, int first) => Memory.Activation(place) + (first * elements);

    /// <summary>What a convolution of a block gave, before it is normalized.</summary>
    internal Float32* Raw(PlannedNormalizedLayer layer, int first) => Of(layer.Raw, layer.Convolution.OutElements, first);

    /// <summary>Values of a channel in the whole batch.</summary>
    internal long ValuesOf(int pixels) => (long)Batch.Count * pixels;

    public void Dispose() => Memory.Dispose();

    private BlockNorms Create(PlannedNormalizedBlock block) => new(
        [.. block.Convolutions.Select(layer => Memory.Normalizer(layer.Norm, EnginePlan.Pad(layer.Convolution.Layer.OutChannels)))],
        block.Layers.ShortcutNorm is { } shortcut ? Memory.Normalizer(shortcut, EnginePlan.Pad(block.Layers.OutChannels)) : null);
}
