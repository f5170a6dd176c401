using FixupNet.Engine.DepthFirst.Kernels;

namespace FixupNet.Engine.DepthFirst;

/// <summary>Computes basic blocks: everything element-wise happens inside the convolutions.</summary>
internal sealed unsafe class BasicBlockWork<TValue>(WorkerMemory<TValue> memory) where TValue : unmanaged, IActivation<TValue>
{
    private readonly IKernels<TValue> _kernels = memory.Kernels;

    internal void Forward(PlannedBasicBlock planned, int images)
    {
        var (block, shape) = (planned.Layers, planned.Shape.Tiles(images));
        TValue* input = memory.Activation(planned.Input), hidden = memory.Activation(planned.Kept), skip = input;
        if (planned.Shape.KeepsShape)
        {
            var end = new ForwardEnd<TValue>(1, block.Bias1B.ValueOr(0), null);
            _kernels.Forward(shape, block.First.View, input, block.Bias1A.ValueOr(0), end, hidden, memory.Scratch);
        }
        else
        {
            ForwardIntoOtherShape(planned, images, input, hidden);
            skip = memory.Skip;
        }
        var lastEnd = new ForwardEnd<TValue>(block.Scale.Value, block.Bias2B.ValueOr(0), skip);
        _kernels.Forward(shape, block.Second.View, hidden, block.Bias2A.ValueOr(0), lastEnd, memory.Activation(planned.Output), memory.Scratch);
    }

    internal void Backward(PlannedBasicBlock planned, int images)
    {
        var (block, shape) = (planned.Layers, planned.Shape.Tiles(images));
        var hidden = memory.Activation(planned.Kept);
        memory.Small[planned.Bias2B] += memory.OuterSum;
        _kernels.BackwardWeights(shape, hidden, block.Bias2A.ValueOr(0), memory.Outer, memory.Begin(planned.SecondSlot), memory.Scratch);
        memory.End(planned.SecondSlot);
        var middle = new BackwardEnd<TValue>(block.Scale.Value, null, hidden);
        _kernels.BackwardData(shape, block.Second.View, memory.Outer, ref middle, memory.Inner, memory.Scratch);
        memory.Small[planned.Bias2A] += middle.Sum;
        memory.Small[planned.Bias1B] += middle.GatedSum;
        var end = planned.Shape.KeepsShape ? BackwardToInput(planned, images) : BackwardToInputOfOtherShape(planned, images);
        memory.Small[planned.Bias1A] += end.Sum;
        memory.OuterSum = end.GatedSum;
    }

    /// <summary>The first convolution and the shortcut of a block that changes the shape, step by step in float32.</summary>
    private void ForwardIntoOtherShape(PlannedBasicBlock planned, int images, TValue* input, TValue* hidden)
    {
        var (block, outCount) = (planned.Layers, images * planned.OutElements);
        var bias = block.Bias1A.ValueOr(0);
        _kernels.AddShift(input, bias, images * planned.InElements, memory.In);
        _kernels.Forward(planned.Shape.Patches(block.First), images, memory.In, block.First.Weights.Values, memory.Out, memory.Scratch);
        _kernels.EndForward(memory.Out, 1, block.Bias1B.ValueOr(0), outCount, hidden);
        if (block.Shortcut.Exists)
        {
            _kernels.Forward(planned.Shape.Patches(block.Shortcut), images, memory.In, block.Shortcut.Weights.Values, memory.Out, memory.Scratch);
            _kernels.Store(memory.Out, 1, outCount, memory.Skip);
        }
        else
        {
            _kernels.Sample(planned.Shape.Samples(images), input, bias, memory.Skip);
        }
    }

    /// <summary>The identity shortcut: all in one pass.</summary>
    private BackwardEnd<TValue> BackwardToInput(PlannedBasicBlock planned, int images)
    {
        var (block, shape) = (planned.Layers, planned.Shape.Tiles(images));
        var input = memory.Activation(planned.Input);
        _kernels.BackwardWeights(shape, input, block.Bias1A.ValueOr(0), memory.Inner, memory.Begin(planned.FirstSlot), memory.Scratch);
        memory.End(planned.FirstSlot);
        var end = new BackwardEnd<TValue>(1, memory.Outer, input);
        _kernels.BackwardData(shape, block.First.View, memory.Inner, ref end, memory.Outer, memory.Scratch);
        return end;
    }

    /// <summary>The few blocks that change the shape, step by step in float32.</summary>
    private BackwardEnd<TValue> BackwardToInputOfOtherShape(PlannedBasicBlock planned, int images)
    {
        var block = planned.Layers;
        var first = planned.Shape.Patches(block.First);
        var input = memory.Activation(planned.Input);
        float* taken = memory.In, given = memory.Out, gradient = memory.ShapeChange;
        long inCount = images * planned.InElements, outCount = images * planned.OutElements;
        _kernels.AddShift(input, block.Bias1A.ValueOr(0), inCount, taken);
        _kernels.AddShift(memory.Inner, 0, outCount, given);
        _kernels.BackwardWeights(first, images, taken, given, memory.Begin(planned.FirstSlot), memory.Scratch);
        memory.End(planned.FirstSlot);
        _kernels.BackwardData(first, images, given, block.First.Weights.Values, gradient, memory.Scratch);
        if (block.Shortcut.Exists)
        {
            var shortcut = planned.Shape.Patches(block.Shortcut);
            _kernels.AddShift(memory.Outer, 0, outCount, given);
            _kernels.BackwardWeights(shortcut, images, taken, given, memory.Begin(planned.ShortcutSlot), memory.Scratch);
            memory.End(planned.ShortcutSlot);
            _kernels.BackwardData(shortcut, images, given, block.Shortcut.Weights.Values, taken, memory.Scratch);
            _kernels.Add(taken, inCount, gradient);
        }
        else
        {
            _kernels.AddSampledGradient(planned.Shape.Samples(images), memory.Outer, gradient);
        }
        var end = new BackwardEnd<TValue>(1, null, input);
        _kernels.EndBackward(gradient, ref end, inCount, memory.Outer);
        return end;
    }
}
