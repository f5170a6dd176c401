using FixupNet.Execution;
using FixupNet.Training.Tasks;
using TorchSharp;

namespace FixupNet.Training;

/// <summary>How much memory the activations of a training step and their gradients take, from the sizes of one image's activations.</summary>
/// <remarks>
/// The LibTorch provider's allocator, as those of GPUs, keeps freed memory for the next tensor of the same size: what counts is not the most bytes at once
/// but, summed over the sizes of activations that a network has, the most bytes of that size at once. TorchSharp's libtorch gives freed memory back.
/// </remarks>
public sealed class StepMemory
{
    // While a block's backward pass runs, gradients of its sum, branch and input exist beside what forward kept.
    private const int GradientsAtOnce = 4;

#if LIBTORCH_PROVIDER
    private const bool KeepsFreedMemory = true;
#else
    private const bool KeepsFreedMemory = false;
#endif

    // Of what went in, and of its gradient.
    private const int UnfoldedAtOnce = 2;

    private readonly List<StageSize[]> _segments;
    private readonly long _elementSize;
    private readonly long[] _sizes;
    private readonly int _evaluatedAtOnce;
    private readonly long _unfolded;

    private StepMemory(List<StageSize[]> segments, long elementSize, int evaluatedAtOnce, bool unfolds)
    {
        (_segments, _elementSize, _evaluatedAtOnce) = (segments, elementSize, evaluatedAtOnce);
        _unfolded = unfolds ? Stages.Max(stage => stage.Unfolded) : 0;
        _sizes = [.. Stages.SelectMany(stage => stage.Kept).Distinct()];
    }

    /// <summary>Looks at a network, which leaves no trace in it.</summary>
    /// <param name="network">The network; its own input shape counts.</param>
    public static StepMemory Of(ResidualNetwork network)
    {
        var sizes = StageSizes.Of(network);
        var weight = network.Topology.Classifier.Weight;
        return new StepMemory(
            [.. Segmentation.Of(network.Stages).Select(segment => segment.Select(stage => sizes[stage.Name]).ToArray())],
            weight.element_size(), Evaluator.ImagesAtOnce(network.InputShape), weight.device_type == DeviceType.CPU && OneDnn.IsOff);
    }

    /// <summary>The most memory that steps take, and the evaluations between them, in bytes.</summary>
    /// <param name="imageCount">Images computed at once in a step.</param>
    /// <param name="recompute">Whether the backward pass computes activations again.</param>
    public long StepBytes(int imageCount, bool recompute) => UnfoldedBytes(imageCount) + (KeepsFreedMemory
        ? Bytes(imageCount, recompute) + EvaluationBytes
        : Math.Max(BytesAtOnce(imageCount, recompute), _evaluatedAtOnce * _elementSize * Stages.Max(stage => stage.Made.Sum())));

    // An evaluation unfolds what goes in alone.
    private long UnfoldedBytes(int imageCount) => Math.Max(UnfoldedAtOnce * imageCount, _evaluatedAtOnce) * _elementSize * _unfolded;

    /// <summary>What an allocator takes for an evaluation that keeps freed memory, in bytes: all that a block computes lives until its end.</summary>
    internal long EvaluationBytes => _evaluatedAtOnce * _elementSize
        * Stages.SelectMany(stage => stage.Made.CountBy(size => size)).GroupBy(count => count.Key).Sum(counts => counts.Key * counts.Max(count => count.Value));

    private IEnumerable<StageSize> Stages => _segments.SelectMany(segment => segment);

    /// <summary>What an allocator takes that keeps freed memory, in bytes.</summary>
    /// <param name="imageCount">Images computed at once.</param>
    /// <param name="recompute">Whether the backward pass computes activations again.</param>
    public long Bytes(int imageCount, bool recompute) =>
        imageCount * _elementSize * _sizes.Sum(size => size * (GradientsAtOnce + (recompute ? RecomputedCount(size) : _segments.Sum(segment => KeptCount(segment, size)))));

    /// <summary>The most memory at once, in bytes: what was kept as far as a block, while its gradients are computed.</summary>
    /// <param name="imageCount">Images computed at once.</param>
    /// <param name="recompute">Whether the backward pass computes activations again.</param>
    public long BytesAtOnce(int imageCount, bool recompute)
    {
        long handedOn = 0, most = 0, kept = 0;
        foreach (var segment in _segments)
        {
            if (recompute) kept = handedOn;
            foreach (var stage in segment.Where(stage => stage.Kept.Count > 0))
            {
                kept += stage.Kept.Sum();
                most = Math.Max(most, kept + GradientsAtOnce * stage.Kept.Max());
            }
            handedOn += segment[^1].Output;
        }
        return imageCount * _elementSize * most;
    }

    // What the segments before have handed on is stored while one segment is computed again.
    private long RecomputedCount(long size)
    {
        long handedOn = 0, most = 0;
        foreach (var segment in _segments)
        {
            most = Math.Max(most, handedOn + KeptCount(segment, size));
            if (segment[^1].Output == size) handedOn++;
        }
        return most;
    }

    private static long KeptCount(StageSize[] segment, long size) => segment.Sum(stage => (long)stage.Kept.Count(kept => kept == size));
}
