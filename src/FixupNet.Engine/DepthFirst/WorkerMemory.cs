using FixupNet.Engine.DepthFirst.Kernels;

namespace FixupNet.Engine.DepthFirst;

/// <summary>What one core has for its images at hand: activations that are kept, tensors beside them, sums.</summary>
internal sealed unsafe class WorkerMemory<TValue> : IDisposable where TValue : unmanaged, IActivation<TValue>
{
    private readonly ZeroedMemory _memory;
    private readonly TValue* _activations;
    private readonly GradientSums _sums;
    private readonly int _sum;

    internal WorkerMemory(EnginePlan plan, IKernels<TValue> kernels, GradientSums sums, int index)
    {
        (Plan, Kernels, _sums, _sum) = (plan, kernels, sums, sums.SumOf(index));
        Small = new double[plan.Small.Count];
        // Every part is a multiple of 16 values, and so of a cache line but in bfloat16, where it is of half of one.
        var largest = plan.LargestActivation * plan.Options.ImagesAtOnce;
        var values = (plan.ActivationElements * plan.Options.ImagesAtOnce) + (plan.ValueBuffers * largest);
        var statistics = EnginePlan.Pad((long)plan.StatisticCount * plan.Options.ImagesAtOnce);
        _memory = new ZeroedMemory((values * sizeof(TValue)) + (((3 * largest) + plan.ScratchElements + plan.ChannelElements) * sizeof(float)) + (statistics * sizeof(double)) + 64);
        Statistics = (double*)_memory.Start;
        Channels = new ChannelArrays((float*)(Statistics + statistics), plan.MostChannels);
        Scratch = (float*)(Statistics + statistics) + plan.ChannelElements;
        In = Scratch + plan.ScratchElements;
        Out = In + largest;
        ShapeChange = Out + largest;
        Outer = (TValue*)(ShapeChange + largest);
        Inner = Outer + largest;
        Skip = Inner + largest;
        Hidden = Skip + largest;
        _activations = Outer + (plan.ValueBuffers * largest);
    }

    internal EnginePlan Plan { get; }

    internal IKernels<TValue> Kernels { get; }

    /// <summary>Sums of small gradients, in the plan's places.</summary>
    internal double[] Small { get; }

    /// <summary>Numbers of normalizations, which the backward pass needs.</summary>
    internal double* Statistics { get; }

    /// <summary>Arrays over channels.</summary>
    internal ChannelArrays Channels { get; }

    /// <summary>What a kernel writes before it reads it.</summary>
    internal float* Scratch { get; }

    /// <summary>Tensors in float32: what a convolution takes and gives, and the gradient of what it took.</summary>
    internal float* In { get; }

    internal float* Out { get; }

    internal float* ShapeChange { get; }

    /// <summary>The gradient of the result at hand, zero where its ReLU was.</summary>
    internal TValue* Outer { get; }

    /// <summary>The sum over <see cref="Outer"/>.</summary>
    internal double OuterSum { get; set; }

    /// <summary>The gradient inside the branch.</summary>
    internal TValue* Inner { get; }

    /// <summary>The shortcut's values where the shape changes.</summary>
    internal TValue* Skip { get; }

    /// <summary>What a convolution takes, where that is computed from what is kept; only in plans that have steps.</summary>
    internal TValue* Hidden { get; }

    /// <summary>This worker's turn at the sums of gradients.</summary>
    internal int Turn { get; set; }

    /// <summary>A tensor that is kept.</summary>
    internal TValue* Activation(long place) => _activations + (place * Plan.Options.ImagesAtOnce);

    /// <summary>The sum of a gradient, when it is this worker's turn to add to it.</summary>
    internal float* Begin(int slot)
    {
        _sums.Wait(_sum, slot, Turn);
        return _sums.Values(_sum, Plan.GradientSlots[slot]);
    }

    internal void End(int slot) => _sums.PassOn(_sum, slot);

    /// <summary>Values as float32: where they are, or a copy.</summary>
    internal float* AsFloats(TValue* values, float shift, long count, float* copy)
    {
        if (typeof(TValue) == typeof(Float32) && shift == 0) return (float*)values;
        Kernels.AddShift(values, shift, count, copy);
        return copy;
    }

    public void Dispose() => _memory.Dispose();
}

/// <summary>Arrays over all padded channels that passes over a tensor take.</summary>
internal readonly unsafe struct ChannelArrays(float* memory, int channels)
{
    internal float* Means => memory;

    internal float* Scales => memory + channels;

    internal float* Shifts => memory + (2 * channels);

    internal float* Factors => memory + (3 * channels);

    /// <summary>Zeros.</summary>
    internal float* Zeros => memory + (4 * channels);

    /// <summary>Two sums a channel.</summary>
    internal double* Sums => (double*)(memory + (5 * channels));

    internal ChannelMap Map => new(Means, Scales, Shifts);

    /// <summary>(in + shift)·scale.</summary>
    internal ChannelMap Uniform(double scale, double shift = 0)
    {
        new Span<float>(Means, channels).Fill((float)-shift);
        new Span<float>(Scales, channels).Fill((float)scale);
        new Span<float>(Shifts, channels).Clear();
        return Map;
    }
}
