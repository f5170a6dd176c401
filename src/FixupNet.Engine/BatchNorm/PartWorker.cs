using FixupNet.Engine.DepthFirst;
using FixupNet.Engine.DepthFirst.Kernels;

namespace FixupNet.Engine.BatchNorm;

/// <summary>What a thread needs for a part of the batch at a time; small enough to stay in its cache.</summary>
internal sealed unsafe class PartWorker : IDisposable
{
    private readonly ZeroedMemory _memory;
    private readonly IKernels<Float32> _kernels;
    private readonly float* _filters;
    private Phase? _filtersOf;

    internal PartWorker(NormalizedPlan plan, IKernels<Float32> kernels)
    {
        _kernels = kernels;
        var part = EnginePlan.Pad(plan.LargestPart);
        _memory = new ZeroedMemory(sizeof(float) * ((3 * part) + plan.ScratchElements + plan.FilterElements));
        First = (float*)_memory.Start;
        Second = First + part;
        Third = Second + part;
        _filters = Third + part;
        Scratch = _filters + plan.FilterElements;
        Classifier = new Classifier(plan.Network.Head, plan.Capacity);
    }

    /// <summary>Three tensors of a part.</summary>
    internal float* First { get; }

    internal float* Second { get; }

    internal float* Third { get; }

    /// <summary>What a kernel writes before it reads it.</summary>
    internal float* Scratch { get; }

    /// <summary>The head.</summary>
    internal Classifier Classifier { get; }

    /// <summary>The weights of a phase's convolution at Winograd's points; transformed once for all parts.</summary>
    internal float* Filters(Phase phase, in TileShape shape, in ConvolutionLayer layer, bool backward)
    {
        if (_filtersOf != phase)
        {
            _kernels.TransformWeights(shape, new WeightView(layer.Weights.Values, layer.OutChannels, layer.InChannels), backward, _filters);
            _filtersOf = phase;
        }
        return _filters;
    }

    /// <summary>Begins a step: weights have changed.</summary>
    internal void Reset() => _filtersOf = null;

    public void Dispose() => _memory.Dispose();
}
