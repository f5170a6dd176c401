using System.Diagnostics;
using FixupNet.Engine.DepthFirst.Kernels;

namespace FixupNet.Engine.DepthFirst;

/// <summary>One core's share of a training step: some images at a time through the whole network and back.</summary>
internal sealed unsafe class Worker<TValue> : IDisposable where TValue : unmanaged, IActivation<TValue>
{
    private readonly EnginePlan _plan;
    private readonly IKernels<TValue> _kernels;
    private readonly GradientSums _sums;
    private readonly int _sum;
    private readonly int _place;
    private readonly int _sharers;
    private readonly ZeroedMemory _memory;
    private readonly Classifier _classifier;
    private readonly TValue* _activations;

    // The gradient of the result at hand (zero where its ReLU was), the gradient inside the branch, and the shortcut's values where the shape changes.
    private readonly TValue* _outer, _inner, _skip;
    private readonly float* _in, _out, _shapeChange, _scratch;
    private int _turn;

    internal Worker(EnginePlan plan, IKernels<TValue> kernels, GradientSums sums, int index)
    {
        (_plan, _kernels, _sums) = (plan, kernels, sums);
        (_sum, _place, _sharers) = (sums.SumOf(index), sums.PlaceOf(index), sums.SharersOf(index));
        _classifier = new Classifier(plan.Network.Head, plan.Options.ImagesAtOnce);
        Scalars = new ScalarSums(plan.Blocks.Count);
        // Every part is a multiple of 16 values, and so of a cache line but in bfloat16, where it is of half of one.
        var largest = plan.LargestActivation * plan.Options.ImagesAtOnce;
        var values = (plan.ActivationElements * plan.Options.ImagesAtOnce) + (3 * largest);
        _memory = new ZeroedMemory((values * sizeof(TValue)) + (((3 * largest) + plan.ScratchElements) * sizeof(float)) + 64);
        _scratch = (float*)_memory.Start;
        _in = _scratch + plan.ScratchElements;
        _out = _in + largest;
        _shapeChange = _out + largest;
        _outer = (TValue*)(_shapeChange + largest);
        _inner = _outer + largest;
        _skip = _inner + largest;
        _activations = _skip + largest;
    }

    /// <summary>Gradients of scalars.</summary>
    internal ScalarSums Scalars { get; }

    private NetworkLayers Network => _plan.Network;

    private long ImageSize => _plan.Stem.InSize;

    /// <summary>Loss and gradients of some images of a batch, in so many parts, as every worker has them; gradients are added to the sums.</summary>
    internal Totals Train(in Images images, int batchCount, int parts)
    {
        var totals = default(Totals);
        Scalars.Clear();
        for (var part = 0; part < parts; part++)
        {
            _turn = (part * _sharers) + _place;
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
        _kernels.Forward(_plan.Stem, images, pixels, Network.Stem.Weights.Values, _out, _scratch);
        _kernels.EndForward(_out, 1, Network.Bias1.ValueOr(0), (long)images * _plan.Stem.OutSize, Activation(_plan.Blocks[0].Input));
        ForwardBlocks(0, _plan.Blocks.Count, images);
        var last = _plan.Blocks[^1];
        _classifier.Forward(_kernels, Activation(last.Output), images, last.OutPixels);
    }

    private void ForwardBlocks(int first, int last, int images)
    {
        for (var i = first; i < last; i++) ForwardBlock(_plan.Blocks[i], images);
    }

    private void ForwardBlock(PlannedBlock planned, int images)
    {
        var (block, shape) = (planned.Layers, planned.Tiles(images));
        TValue* input = Activation(planned.Input), hidden = Activation(planned.Hidden), skip = input;
        if (planned.KeepsShape)
        {
            var end = new ForwardEnd<TValue>(1, block.Bias1B.ValueOr(0), null);
            _kernels.Forward(shape, View(block.First), input, block.Bias1A.ValueOr(0), end, hidden, _scratch);
        }
        else
        {
            ForwardIntoOtherShape(planned, images, input, hidden);
            skip = _skip;
        }
        var lastEnd = new ForwardEnd<TValue>(block.Scale.ValueOr(1), block.Bias2B.ValueOr(0), skip);
        _kernels.Forward(shape, View(block.Second), hidden, block.Bias2A.ValueOr(0), lastEnd, Activation(planned.Output), _scratch);
    }

    /// <summary>The first convolution and the shortcut of a block that changes the shape, step by step in float32.</summary>
    private void ForwardIntoOtherShape(PlannedBlock planned, int images, TValue* input, TValue* hidden)
    {
        var (block, outCount) = (planned.Layers, images * planned.OutElements);
        var bias = block.Bias1A.ValueOr(0);
        _kernels.AddShift(input, bias, images * planned.InElements, _in);
        _kernels.Forward(planned.Patches(block.First), images, _in, block.First.Weights.Values, _out, _scratch);
        _kernels.EndForward(_out, 1, block.Bias1B.ValueOr(0), outCount, hidden);
        if (block.Shortcut.Exists)
        {
            _kernels.Forward(planned.Patches(block.Shortcut), images, _in, block.Shortcut.Weights.Values, _out, _scratch);
            _kernels.Store(_out, outCount, _skip);
        }
        else
        {
            _kernels.Sample(planned.Samples(images), input, bias, _skip);
        }
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
            for (var i = segment.Last - 1; i >= segment.First; i--) BackwardBlock(i, images);
        }
        _kernels.AddShift(_outer, 0, (long)images * _plan.Stem.OutSize, _out);
        _kernels.BackwardWeights(_plan.Stem, images, pixels, _out, Begin(GradientSlots.Stem), _scratch);
        End(GradientSlots.Stem);
    }

    private void BackwardHead(int images)
    {
        var (slots, last, block) = (_plan.GradientSlots, _plan.Blocks[^1], _plan.Blocks.Count - 1);
        _classifier.AddBiasGradient(Begin(slots.ClassifierBias), images);
        End(slots.ClassifierBias);
        _classifier.AddWeightGradient(Begin(slots.ClassifierWeights), images);
        End(slots.ClassifierWeights);
        var (bias, blockEnd) = _classifier.Backward(_kernels, Activation(last.Output), images, last.OutPixels, _outer);
        Scalars.Bias2 += bias;
        Scalars.Bias2B(block) += blockEnd;
    }

    private void BackwardBlock(int index, int images)
    {
        var planned = _plan.Blocks[index];
        var (block, shape) = (planned.Layers, planned.Tiles(images));
        var hidden = Activation(planned.Hidden);
        _kernels.BackwardWeights(shape, hidden, block.Bias2A.ValueOr(0), _outer, Begin(GradientSlots.Second(index)), _scratch);
        End(GradientSlots.Second(index));
        var middle = new BackwardEnd<TValue>(block.Scale.ValueOr(1), null, hidden);
        _kernels.BackwardData(shape, View(block.Second), _outer, ref middle, _inner, _scratch);
        Scalars.Bias2A(index) += middle.Sum;
        Scalars.Bias1B(index) += middle.GatedSum;
        var end = planned.KeepsShape ? BackwardToInput(planned, index, images) : BackwardToInputOfOtherShape(planned, index, images);
        Scalars.Bias1A(index) += end.Sum;
        Scalars.EndBefore(index) += end.GatedSum;
    }

    /// <summary>The identity shortcut: all in one pass.</summary>
    private BackwardEnd<TValue> BackwardToInput(PlannedBlock planned, int index, int images)
    {
        var (block, shape) = (planned.Layers, planned.Tiles(images));
        var input = Activation(planned.Input);
        _kernels.BackwardWeights(shape, input, block.Bias1A.ValueOr(0), _inner, Begin(GradientSlots.First(index)), _scratch);
        End(GradientSlots.First(index));
        var end = new BackwardEnd<TValue>(1, _outer, input);
        _kernels.BackwardData(shape, View(block.First), _inner, ref end, _outer, _scratch);
        return end;
    }

    /// <summary>The few blocks that change the shape, step by step in float32.</summary>
    private BackwardEnd<TValue> BackwardToInputOfOtherShape(PlannedBlock planned, int index, int images)
    {
        var block = planned.Layers;
        var first = planned.Patches(block.First);
        var input = Activation(planned.Input);
        long inCount = images * planned.InElements, outCount = images * planned.OutElements;
        _kernels.AddShift(input, block.Bias1A.ValueOr(0), inCount, _in);
        _kernels.AddShift(_inner, 0, outCount, _out);
        _kernels.BackwardWeights(first, images, _in, _out, Begin(GradientSlots.First(index)), _scratch);
        End(GradientSlots.First(index));
        _kernels.BackwardData(first, images, _out, block.First.Weights.Values, _shapeChange, _scratch);
        if (block.Shortcut.Exists)
        {
            var shortcut = planned.Patches(block.Shortcut);
            _kernels.AddShift(_outer, 0, outCount, _out);
            _kernels.BackwardWeights(shortcut, images, _in, _out, Begin(GradientSlots.Shortcut(index)), _scratch);
            End(GradientSlots.Shortcut(index));
            _kernels.BackwardData(shortcut, images, _out, block.Shortcut.Weights.Values, _in, _scratch);
            _kernels.Add(_in, inCount, _shapeChange);
        }
        else
        {
            _kernels.AddSampledGradient(planned.Samples(images), _outer, _shapeChange);
        }
        var end = new BackwardEnd<TValue>(1, null, input);
        _kernels.EndBackward(_shapeChange, ref end, inCount, _outer);
        return end;
    }

    private static WeightView View(in ConvolutionLayer layer) => new(layer.Weights.Values, layer.OutChannels, layer.InChannels);

    private TValue* Activation(long place) => _activations + (place * _plan.Options.ImagesAtOnce);

    /// <summary>The sum of a gradient, when it is this worker's turn to add to it.</summary>
    private float* Begin(int slot)
    {
        _sums.Wait(_sum, slot, _turn);
        return _sums.Values(_sum, _plan.GradientSlots[slot]);
    }

    private void End(int slot) => _sums.PassOn(_sum, slot);

    /// <summary>Takes a turn at every sum without adding anything.</summary>
    private void PassOnAll()
    {
        for (var slot = _plan.GradientSlots.Count - 1; slot >= 0; slot--)
        {
            if (_plan.GradientSlots[slot].Count == 0) continue;
            Begin(slot);
            End(slot);
        }
    }
}
