using FixupNet.Engine.DepthFirst.Kernels;

namespace FixupNet.Engine.DepthFirst;

/// <summary>Computes blocks step by step: convolutions, and one pass over what each gives.</summary>
/// <remarks>
/// The gradient at hand is always that of a ReLU's input but for the factor that the convolution before it is multiplied by: weights' gradients get it when their sums
/// are complete, and gradients of activations inside the next convolution. So a multiplier of 0 does not hide its own gradient.
/// </remarks>
internal sealed unsafe class StepsBlockWork<TValue>(WorkerMemory<TValue> memory, BetweenPasses<TValue> passes) where TValue : unmanaged, IActivation<TValue>
{
    private readonly IKernels<TValue> _kernels = memory.Kernels;

    // A tensor of a forward pass that the next pass reads: nothing else is there then.
    private TValue* Raw => (TValue*)memory.ShapeChange;

    internal void Forward(PlannedStepsBlock block, int images)
    {
        var layers = block.Layers;
        var taken = Taken(block, 0, images, out var shift);
        var skip = ForwardSkip(block, images, taken, shift);
        var last = block.Convolutions[^1];
        foreach (var layer in block.Convolutions)
        {
            var (after, shape) = (layer.After, layer.Convolution.OutShape(images));
            TValue* kept = Kept(block, layer), raw = after.Layers.Norm is null ? Raw : kept;
            Convolve(layer.Convolution, images, taken, shift, raw);
            if (layer == last)
            {
                var output = memory.Activation(block.Output);
                passes.Forward(after, shape, raw, skip, layers.EndsWithRelu, output);
                if (layers.SumFactor != 1) passes.Uniform(shape, output, layers.SumFactor, 0, relu: false, output);
                return;
            }
            taken = after.Layers.Norm is null ? kept : memory.Hidden;
            passes.Forward(after, shape, raw, null, relu: true, taken);
            shift = after.Layers.Shift.ValueOr(0);
        }
    }

    internal void Backward(PlannedStepsBlock block, int images)
    {
        var gradient = memory.Outer;
        var sum = memory.OuterSum *= block.Layers.SumFactor;
        if (block.Layers.SumFactor != 1) passes.Uniform(block.Convolutions[^1].Convolution.OutShape(images), gradient, block.Layers.SumFactor, 0, relu: false, gradient);
        for (var i = block.Convolutions.Count - 1; ; i--)
        {
            var layer = block.Convolutions[i];
            memory.Small[layer.After.Bias] += sum;
            var given = BackwardAfter(layer, images, gradient, Kept(block, layer), free: Other(gradient));
            var taken = Taken(block, i, images, out var shift);
            BackwardWeights(layer, images, taken, shift, given);
            if (i == 0)
            {
                BackwardToInput(block, images, given, taken, shift);
                return;
            }
            var end = new BackwardEnd<TValue>(layer.After.Scale.Factor.Value, null, taken);
            gradient = Other(given);
            BackwardData(layer.Convolution, images, given, ref end, gradient);
            memory.Small[block.Convolutions[i - 1].After.Shift] += end.Sum;
            sum = end.GatedSum;
        }
    }

    /// <summary>What a convolution takes, and the number that is added to it: kept, or computed from what is.</summary>
    private TValue* Taken(PlannedStepsBlock block, int index, int images, out float shift)
    {
        var layers = block.Layers;
        if (index == 0)
        {
            var input = memory.Activation(block.Input);
            shift = layers.ShiftBefore.ValueOr(0);
            if (!layers.HasReluBefore) return input;
            passes.Uniform(block.Convolutions[0].Convolution.InShape(images), input, layers.GainBefore, 0, relu: true, memory.Hidden);
            return memory.Hidden;
        }
        var before = block.Convolutions[index - 1];
        var after = before.After;
        var kept = Kept(block, before);
        shift = after.Layers.Shift.ValueOr(0);
        if (after.Layers.Norm is null) return kept;
        passes.Again(after, before.Convolution.OutShape(images), kept, null, relu: true, memory.Hidden);
        return memory.Hidden;
    }

    // What is added to the branch.
    private TValue* ForwardSkip(PlannedStepsBlock block, int images, TValue* taken, float shift)
    {
        var layers = block.Layers;
        var input = memory.Activation(block.Input);
        if (block.Skip is not { } skip)
        {
            if (!layers.SkipStartsAtConvolution || shift == 0) return input;
            passes.Uniform(block.Convolutions[0].Convolution.InShape(images), input, 1, shift, relu: false, memory.Skip);
            return memory.Skip;
        }
        if (!layers.SkipStartsAtConvolution)
        {
            taken = input;
            shift = 0;
        }
        var (after, shape) = (skip.After, skip.Convolution.OutShape(images));
        var raw = after.Layers.Norm is null ? Raw : Kept(block, skip);
        if (skip.Convolution.Layer.Exists) Convolve(skip.Convolution, images, taken, shift, raw);
        else _kernels.Sample(block.Samples(images), taken, shift, raw);
        passes.Forward(after, shape, raw, null, relu: false, memory.Skip);
        return memory.Skip;
    }

    // The gradient of what a convolution gave, and the sums of what follows it.
    private TValue* BackwardAfter(PlannedLayer layer, int images, TValue* gradient, TValue* raw, TValue* free)
    {
        var shape = layer.Convolution.OutShape(images);
        if (layer.After.Layers.Norm is null)
        {
            passes.AddChannelSums(layer.After, shape, gradient);
            return gradient;
        }
        passes.NormBackward(layer.After, shape, gradient, raw, free);
        return free;
    }

    /// <summary>From the first convolution to the block's input, with the shortcut's gradient: that of the result of the block before.</summary>
    private void BackwardToInput(PlannedStepsBlock block, int images, TValue* given, TValue* taken, float shift)
    {
        var (layers, first) = (block.Layers, block.Convolutions[0]);
        var input = memory.Activation(block.Input);
        var (multiplier, skipSum) = ((float)(first.After.Scale.Factor.Value * layers.GainBefore), 0.0);
        var skip = memory.Outer;
        if (block.Skip is not null)
        {
            skip = BackwardSkip(block, images, taken, shift, Other(given));
            if (layers.SkipStartsAtConvolution && layers.ShiftBefore.Exists) skipSum = _kernels.Sum(skip, images * block.InElements);
        }
        else if (layers.SkipStartsAtConvolution)
        {
            skipSum = memory.OuterSum;
        }
        if (block.Skip is null && layers.HasReluBefore)
        {
            // The ReLU is in the branch only.
            var branch = Other(given);
            var inside = new BackwardEnd<TValue>(multiplier, null, input);
            BackwardData(first.Convolution, images, given, ref inside, branch);
            _kernels.Add(branch, images * block.InElements, memory.Outer);
            memory.OuterSum += inside.GatedSum;
            return;
        }
        var end = new BackwardEnd<TValue>(multiplier, skip, input);
        BackwardData(first.Convolution, images, given, ref end, memory.Outer);
        memory.Small[block.ShiftBefore] += end.Sum + skipSum;
        memory.OuterSum = end.GatedSum;
    }

    /// <summary>Back through a shortcut that changes the shape.</summary>
    /// <returns>The gradient of what it took, times the gain of the ReLU before.</returns>
    private TValue* BackwardSkip(PlannedStepsBlock block, int images, TValue* taken, float shift, TValue* free)
    {
        var (skip, inCount) = (block.Skip!, images * block.InElements);
        if (!block.Layers.SkipStartsAtConvolution)
        {
            taken = memory.Activation(block.Input);
            shift = 0;
        }
        var given = BackwardAfter(skip, images, memory.Outer, Kept(block, skip), free);
        if (skip.Convolution.Layer.Exists)
        {
            BackwardWeights(skip, images, taken, shift, given);
            var floats = memory.AsFloats(given, 0, images * block.OutElements, memory.Out);
            _kernels.BackwardData(skip.Convolution.Patches, images, floats, skip.Convolution.Layer.Weights.Values, memory.ShapeChange, memory.Scratch);
        }
        else
        {
            new Span<float>(memory.ShapeChange, checked((int)inCount)).Clear();
            _kernels.AddSampledGradient(block.Samples(images), given, memory.ShapeChange);
        }
        _kernels.Store(memory.ShapeChange, (float)block.Layers.GainBefore, inCount, free);
        return free;
    }

    private void Convolve(PlannedConvolution convolution, int images, TValue* taken, float shift, TValue* raw)
    {
        if (convolution.IsTiled)
        {
            _kernels.Forward(convolution.Tiles(images), convolution.View, taken, shift, raw, memory.Scratch);
            return;
        }
        var input = memory.AsFloats(taken, shift, images * convolution.InElements, memory.In);
        var output = typeof(TValue) == typeof(Float32) ? (float*)raw : memory.Out;
        _kernels.Forward(convolution.Patches, images, input, convolution.Layer.Weights.Values, output, memory.Scratch);
        if (output != (float*)raw) _kernels.Store(output, 1, images * convolution.OutElements, raw);
    }

    private void BackwardWeights(PlannedLayer layer, int images, TValue* taken, float shift, TValue* given)
    {
        var convolution = layer.Convolution;
        var sum = memory.Begin(layer.Slot);
        if (convolution.IsTiled)
        {
            _kernels.BackwardWeights(convolution.Tiles(images), taken, shift, given, sum, memory.Scratch);
        }
        else
        {
            var input = memory.AsFloats(taken, shift, images * convolution.InElements, memory.In);
            var gradient = memory.AsFloats(given, 0, images * convolution.OutElements, memory.Out);
            _kernels.BackwardWeights(convolution.Patches, images, input, gradient, sum, memory.Scratch);
        }
        memory.End(layer.Slot);
    }

    private void BackwardData(PlannedConvolution convolution, int images, TValue* given, ref BackwardEnd<TValue> end, TValue* output)
    {
        if (convolution.IsTiled)
        {
            _kernels.BackwardData(convolution.Tiles(images), convolution.View, given, ref end, output, memory.Scratch);
            return;
        }
        var gradient = memory.AsFloats(given, 0, images * convolution.OutElements, memory.Out);
        _kernels.BackwardData(convolution.Patches, images, gradient, convolution.Layer.Weights.Values, memory.ShapeChange, memory.Scratch);
        _kernels.EndBackward(memory.ShapeChange, ref end, images * convolution.InElements, output);
    }

    private TValue* Kept(PlannedStepsBlock block, PlannedLayer layer) => memory.Activation(block.Kept + layer.Kept);

    // One of the two tensors inside a branch that is not this one.
    private TValue* Other(TValue* gradient) => gradient == memory.Inner ? memory.Skip : memory.Inner;
}
