using FixupNet.Engine.DepthFirst.Kernels;

namespace FixupNet.Engine.DepthFirst;

/// <summary>Computes the first convolution, what follows it, and max pooling.</summary>
internal sealed unsafe class StemWork<TValue>(WorkerMemory<TValue> memory, BetweenPasses<TValue> passes) where TValue : unmanaged, IActivation<TValue>
{
    private readonly IKernels<TValue> _kernels = memory.Kernels;
    private readonly PlannedStem _stem = memory.Plan.Stem;

    internal void Forward(float* pixels, int images)
    {
        var (layers, count) = (_stem.After.Layers, images * _stem.Elements);
        var result = memory.Activation(_stem.Result);
        _kernels.Forward(_stem.Shape, images, pixels, memory.Plan.Network.Stem.Weights.Values, memory.Out, memory.Scratch);
        if (layers.IsBiasAndRelu)
        {
            _kernels.EndForward(memory.Out, 1, layers.Bias.ValueOr(0), count, result);
        }
        else
        {
            var raw = layers.Norm is null ? (TValue*)memory.ShapeChange : memory.Activation(_stem.Raw);
            _kernels.Store(memory.Out, 1, count, raw);
            passes.Forward(_stem.After, _stem.NormShape(images), raw, null, layers.HasRelu, result);
        }
        if (_stem.HasPool) _kernels.MaxPool(_stem.Pool, images, result, memory.Activation(_stem.Output));
    }

    /// <summary>From the gradient of what the first block took.</summary>
    internal void Backward(float* pixels, int images)
    {
        var (shape, count) = (_stem.NormShape(images), images * _stem.Elements);
        var gradient = memory.Outer;
        if (_stem.HasPool)
        {
            new Span<float>(memory.Out, checked((int)count)).Clear();
            _kernels.AddPooledGradient(_stem.Pool, images, memory.Activation(_stem.Result), memory.Activation(_stem.Output), gradient, memory.Out);
            gradient = memory.Inner;
            _kernels.Store(memory.Out, 1, count, gradient);
        }
        // Pooling hands each number to one place, and none to where a ReLU was 0: sums stay.
        memory.Small[_stem.After.Bias] += memory.OuterSum;
        if (_stem.After.Layers.Norm is null)
        {
            passes.AddChannelSums(_stem.After, shape, gradient);
        }
        else
        {
            passes.NormBackward(_stem.After, shape, gradient, memory.Activation(_stem.Raw), memory.Skip);
            gradient = memory.Skip;
        }
        var floats = memory.AsFloats(gradient, 0, count, memory.Out);
        _kernels.BackwardWeights(_stem.Shape, images, pixels, floats, memory.Begin(_stem.Slot), memory.Scratch);
        memory.End(_stem.Slot);
    }
}
