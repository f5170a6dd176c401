using FixupNet.Engine.DepthFirst;

namespace FixupNet.Engine.BatchNorm;

/// <summary>The tensors of a whole batch, and the sums that its parts leave.</summary>
internal sealed unsafe class BatchMemory : IDisposable
{
    private readonly NormalizedPlan _plan;
    private readonly ZeroedMemory _memory;
    private readonly float* _activations, _partials, _norms;
    private readonly float*[] _gradients;
    private readonly double* _moments;
    private long _takenNorms;

    internal BatchMemory(NormalizedPlan plan)
    {
        _plan = plan;
        var (first, second, inner) = plan.GradientElements;
        var floats = (plan.Capacity * (plan.ActivationElements + first + second + inner)) + (2 * plan.PartialElements) + plan.NormElements;
        _memory = new ZeroedMemory((floats * sizeof(float)) + (2 * plan.MomentElements * sizeof(double)));
        _moments = (double*)_memory.Start;
        _activations = (float*)(_moments + (2 * plan.MomentElements));
        var gradients = _activations + (plan.Capacity * plan.ActivationElements);
        _gradients = [gradients, gradients + (plan.Capacity * first)];
        Inner = gradients + (plan.Capacity * (first + second));
        _norms = Inner + (plan.Capacity * inner);
        _partials = _norms + plan.NormElements;
    }

    /// <summary>The gradient inside a branch.</summary>
    internal float* Inner { get; }

    /// <summary>A tensor of the batch.</summary>
    internal float* Activation(long place) => _activations + (place * _plan.Capacity);

    /// <summary>One of the two gradients of blocks' results.</summary>
    internal float* Gradient(int buffer) => _gradients[buffer];

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
