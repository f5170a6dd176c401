using FixupNet.Engine.DepthFirst;
using FixupNet.Engine.DepthFirst.Kernels;

namespace FixupNet.Engine.BatchNorm;

/// <summary>The tensors of a whole batch, and the sums that its parts leave.</summary>
internal sealed unsafe class BatchMemory : IDisposable
{
    private readonly NormalizedPlan _plan;
    private readonly ZeroedMemory _memory;
    private readonly float* _activations, _partials, _norms;
    private readonly float*[] _gradients, _inner;
    private readonly double* _moments;
    private long _takenNorms;

    internal BatchMemory(NormalizedPlan plan)
    {
        _plan = plan;
        var (first, second, innerFirst, innerSecond) = plan.GradientElements;
        var floats = (plan.Capacity * (plan.ActivationElements + first + second + innerFirst + innerSecond)) + (2 * plan.PartialElements) + plan.NormElements;
        _memory = new ZeroedMemory((floats * sizeof(float)) + (2 * plan.MomentElements * sizeof(double)));
        _moments = (double*)_memory.Start;
        _activations = (float*)(_moments + (2 * plan.MomentElements));
        var gradients = _activations + (plan.Capacity * plan.ActivationElements);
        _gradients = [gradients, gradients + (plan.Capacity * first)];
        var inner = gradients + (plan.Capacity * (first + second));
        _inner = [inner, inner + (plan.Capacity * innerFirst)];
        _norms = inner + (plan.Capacity * (innerFirst + innerSecond));
        _partials = _norms + plan.NormElements;
    }

    /// <summary>The gradient of what a branch's convolution and its normalization give; those of neighbours lie in different memory.</summary>
    internal Float32* Inner(int convolution) => (Float32*)_inner[convolution % 2];

    /// <summary>A tensor of the batch.</summary>
    internal Float32* Activation(long place) => (Float32*)_activations + (place * _plan.Capacity);

    /// <summary>One of the two gradients of blocks' results.</summary>
    internal Float32* Gradient(int buffer) => (Float32*)_gradients[buffer];

    /// <summary>The gradient of the stem's result, before pooling where there is any: the first block has it ready when nothing but the first of the inner ones is needed.</summary>
    internal Float32* StemGradient => _plan.HasPool ? Inner(1) : Gradient(_plan.Blocks[0].InputGradientBuffer);

    /// <summary>Gradients of weights, of every part: of a phase, while those of the phase before are added up.</summary>
    internal float* Partials(int which) => _partials + (which * _plan.PartialElements);

    /// <summary>Sums over channels, of every part: those of the branch, and those of the shortcut.</summary>
    internal double* Moments(int which) => _moments + (which * _plan.MomentElements);

    /// <summary>A normalization's own arrays.</summary>
    internal Normalizer Normalizer(NormMemory memory, int paddedChannels)
    {
        var arrays = _norms + _takenNorms;
        _takenNorms += BatchNorm.Normalizer.ArrayCount * (long)paddedChannels;
        return new Normalizer(memory, paddedChannels, arrays);
    }

    public void Dispose() => _memory.Dispose();
}
