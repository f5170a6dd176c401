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
        First = (Float32*)_memory.Start;
        Second = First + part;
        Third = Second + part;
        _filters = (float*)(Third + part);
        Scratch = _filters + plan.FilterElements;
        Classifier = new Classifier(plan.Network.Head, plan.Capacity);
    }

    /// <summary>Three tensors of a part.</summary>
    internal Float32* First { get; }

    internal Float32* Second { get; }

    internal Float32* Third { get; }

    /// <summary>What a kernel writes before it reads it.</summary>
    internal float* Scratch { get; }

    /// <summary>The head.</summary>
    internal Classifier Classifier { get; }

    /// <summary>The weights of a phase's convolution as its kernel takes them; transformed once for all parts.</summary>
    internal float* Filters(Phase phase, PlannedConvolution convolution, bool backward)
    {
        if (_filtersOf != phase)
        {
            if (convolution.IsTiled) _kernels.TransformWeights(convolution.Tiles(1), convolution.View, backward, _filters);
            else _kernels.PackFilters(convolution.Patches, convolution.Layer.Weights.Values, transposed: backward, _filters);
            _filtersOf = phase;
        }
        return _filters;
    }

    /// <summary>Begins a step: weights have changed.</summary>
    internal void Reset() => _filtersOf = null;

    public void Dispose() => _memory.Dispose();
}
