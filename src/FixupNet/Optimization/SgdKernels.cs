using System.Numerics;
using System.Runtime.InteropServices;
using FixupNet.Execution;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Optimization;

/// <summary>One SGD step, v ← μv + (g + λw), w ← w − ηv (with Nesterov w ← w − η(g + λw + μv)), written twice; tells whether w is finite.</summary>
internal static class SgdKernels
{
    /// <summary>With tensor operations, on any device.</summary>
    internal static bool WithTensors(Tensor weights, Tensor gradients, Tensor velocities, SgdStep step)
    {
        using var scope = NewDisposeScope();
        var decayed = gradients + weights * step.WeightDecay;
        velocities.mul_(step.Momentum).add_(decayed);
        var direction = step.Nesterov ? decayed + velocities * step.Momentum : velocities;
        weights.add_(direction * -step.LearningRate);
        return weights.isfinite().all().ToBoolean();
    }

    /// <summary>In one pass over memory, for float32 and float64 on the CPU.</summary>
    internal static bool Fused(Tensor weights, Tensor gradients, Tensor velocities, SgdStep step) => weights.dtype == ScalarType.Float32
        ? Fused<float>(weights, gradients, velocities, step)
        : Fused<double>(weights, gradients, velocities, step);

    /// <summary>Whether <see cref="Fused(Tensor, Tensor, Tensor, SgdStep)"/> can be used.</summary>
    internal static bool CanFuse(Tensor weights) =>
        weights.device_type == DeviceType.CPU && weights.dtype is ScalarType.Float32 or ScalarType.Float64;

    // Long tensors go in pieces: enough of them for many threads, and a span holds at most 2^31 bytes.
    private const long PieceLength = 1L << 18;

    private static bool Fused<T>(Tensor weights, Tensor gradients, Tensor velocities, SgdStep step) where T : unmanaged, INumber<T>
    {
        var (count, nonFinite) = (weights.numel(), 0);
        ManyElements.ForEach(count, (int)((count + PieceLength - 1) / PieceLength), piece =>
        {
            var start = piece * PieceLength;
            var length = Math.Min(PieceLength, count - start);
            using var w = weights.narrow(0, start, length);
            using var g = gradients.narrow(0, start, length);
            using var v = velocities.narrow(0, start, length);
            if (!Fused(MemoryMarshal.Cast<byte, T>(w.bytes), MemoryMarshal.Cast<byte, T>(g.bytes), MemoryMarshal.Cast<byte, T>(v.bytes), step))
                Interlocked.Increment(ref nonFinite);
        });
        return nonFinite == 0;
    }

    internal static bool Fused<T>(Span<T> weights, ReadOnlySpan<T> gradients, Span<T> velocities, SgdStep step) where T : unmanaged, INumber<T>
    {
        var (rate, momentum, decay) = (T.CreateChecked(step.LearningRate), T.CreateChecked(step.Momentum), T.CreateChecked(step.WeightDecay));
        var vectorCount = weights.Length / Vector<T>.Count;
        var w = MemoryMarshal.Cast<T, Vector<T>>(weights);
        var g = MemoryMarshal.Cast<T, Vector<T>>(gradients);
        var v = MemoryMarshal.Cast<T, Vector<T>>(velocities);
        // x − x is 0 where x is finite and NaN elsewhere, and a sum with NaN in it is NaN: no second pass over memory.
        var zeros = Vector<T>.Zero;
        for (var i = 0; i < vectorCount; i++)
        {
            var decayed = g[i] + w[i] * decay;
            v[i] = v[i] * momentum + decayed;
            w[i] -= (step.Nesterov ? decayed + v[i] * momentum : v[i]) * rate;
            zeros += w[i] - w[i];
        }
        var zero = Vector.Sum(zeros);
        for (var i = vectorCount * Vector<T>.Count; i < weights.Length; i++)
        {
            var decayed = gradients[i] + weights[i] * decay;
            velocities[i] = velocities[i] * momentum + decayed;
            weights[i] -= (step.Nesterov ? decayed + velocities[i] * momentum : velocities[i]) * rate;
            zero += weights[i] - weights[i];
        }
        return zero == T.Zero;
    }
}
