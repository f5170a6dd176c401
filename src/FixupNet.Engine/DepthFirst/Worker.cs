using System.Diagnostics;
using FixupNet.Engine.DepthFirst.Kernels;

namespace FixupNet.Engine.DepthFirst;

/// <summary>One core's share of a training step: some images at a time through the whole network and back.</summary>
internal sealed unsafe class Worker<TValue> : IDisposable where TValue : unmanaged, IActivation<TValue>
{
    private readonly EnginePlan _plan;
    private readonly WorkerMemory<TValue> _memory;
    private readonly int _place;
    private readonly int _sharers;
    private readonly Classifier _classifier;
    private readonly BetweenPasses<TValue> _passes;
    private readonly StemWork<TValue> _stem;
    private readonly BasicBlockWork<TValue> _basicBlocks;
    private readonly StepsBlockWork<TValue> _stepsBlocks;

    internal Worker(EnginePlan plan, IKernels<TValue> kernels, GradientSums sums, int index)
    {
        (_plan, _memory) = (plan, new WorkerMemory<TValue>(plan, kernels, sums, index));
        (_place, _sharers) = (sums.PlaceOf(index), sums.SharersOf(index));
        _classifier = new Classifier(plan.Network.Head, plan.Options.ImagesAtOnce);
        _passes = new BetweenPasses<TValue>(_memory);
        _stem = new StemWork<TValue>(_memory, _passes);
        _basicBlocks = new BasicBlockWork<TValue>(_memory);
        _stepsBlocks = new StepsBlockWork<TValue>(_memory, _passes);
    }

    /// <summary>Sums of small gradients.</summary>
    internal double[] Small => _memory.Small;

    private NetworkLayers Network => _plan.Network;

    private long ImageSize => _plan.Stem.Shape.InSize;

    /// <summary>Loss and gradients of some images of a batch, in so many parts, as every worker has them; gradients are added to the sums.</summary>
    internal Totals Train(in Images images, int batchCount, int parts)
    {
        var totals = default(Totals);
        Array.Clear(Small);
        for (var part = 0; part < parts; part++)
        {
            _memory.Turn = (part * _sharers) + _place;
            // Parts of nearly equal size: a last part of one image would waste a core.
            var some = images.Part(ImageSize, part, parts);
            if (some.Count == 0)
            {
                PassOnAll();
                continue;
            }
            var start = Stopwatch.GetTimestamp();
            Forward(some.Pixels, some.Count);
            _classifier.AddLoss(some, batchCount, ref totals);
            var turning = Stopwatch.GetTimestamp();
            Backward(some.Pixels, some.Count);
            totals.ForwardTime += Stopwatch.GetElapsedTime(start, turning);
            totals.BackwardTime += Stopwatch.GetElapsedTime(turning);
        }
        return totals;
    }

    /// <summary>Class scores of some images.</summary>
    internal void Evaluate(float* pixels, int count, float* logits)
    {
        for (var first = 0; first < count; first += _plan.Options.ImagesAtOnce)
        {
            var images = Math.Min(_plan.Options.ImagesAtOnce, count - first);
            Forward(pixels + (first * ImageSize), images);
            _classifier.Logits(images).CopyTo(new Span<float>(logits + ((nint)first * Network.Head.ClassCount), images * Network.Head.ClassCount));
        }
    }

    public void Dispose() => _memory.Dispose();

    private void Forward(float* pixels, int images)
    {
        _stem.Forward(pixels, images);
        ForwardBlocks(0, _plan.Blocks.Count, images);
        var last = _plan.Blocks[^1];
        var output = _memory.Activation(last.Output);
        if (Network.Head.Gain is not null)
        {
            _passes.Uniform(new NormShape(images, EnginePlan.Pad(last.OutChannels) / Products.Block, last.OutPixels), output, 1, 0, relu: true, _memory.Hidden);
            output = _memory.Hidden;
        }
        _classifier.Forward(_memory.Kernels, output, images, last.OutPixels);
    }

    private void ForwardBlocks(int first, int last, int images)
    {
        for (var i = first; i < last; i++)
            if (_plan.Blocks[i] is PlannedBasicBlock basic) _basicBlocks.Forward(basic, images);
            else _stepsBlocks.Forward((PlannedStepsBlock)_plan.Blocks[i], images);
    }

    private void Backward(float* pixels, int images)
    {
        BackwardHead(images);
        for (var s = _plan.Segments.Count - 1; s >= 0; s--)
        {
            var segment = _plan.Segments[s];
            // The last of the recomputed segments is still there from the forward pass.
            var isOverwritten = segment.IsRecomputed && s + 1 < _plan.Segments.Count && _plan.Segments[s + 1].IsRecomputed;
            if (isOverwritten) ForwardBlocks(segment.First, segment.Last, images);
            for (var i = segment.Last - 1; i >= segment.First; i--)
                if (_plan.Blocks[i] is PlannedBasicBlock basic) _basicBlocks.Backward(basic, images);
                else _stepsBlocks.Backward((PlannedStepsBlock)_plan.Blocks[i], images);
        }
        _stem.Backward(pixels, images);
    }

    private void BackwardHead(int images)
    {
        var last = _plan.Blocks[^1];
        _classifier.AddBiasGradient(_memory.Begin(_plan.ClassifierBias), images);
        _memory.End(_plan.ClassifierBias);
        _classifier.AddWeightGradient(_memory.Begin(_plan.ClassifierWeights), images);
        _memory.End(_plan.ClassifierWeights);
        var (bias, blockEnd) = _classifier.Backward(_memory.Kernels, _memory.Activation(last.Output), images, last.OutPixels, _memory.Outer);
        Small[_plan.Bias2] += bias;
        _memory.OuterSum = blockEnd;
    }

    /// <summary>Takes a turn at every sum without adding anything.</summary>
    private void PassOnAll()
    {
        for (var slot = _plan.GradientSlots.Count - 1; slot >= 0; slot--)
        {
            if (_plan.GradientSlots[slot].Count == 0) continue;
            _memory.Begin(slot);
            _memory.End(slot);
        }
    }
}
