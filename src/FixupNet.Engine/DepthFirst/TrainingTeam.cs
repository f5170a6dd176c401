using System.Buffers;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using FixupNet.Engine.DepthFirst.Kernels;

namespace FixupNet.Engine.DepthFirst;

/// <summary>The workers of a network and what they do together.</summary>
internal sealed unsafe class TrainingTeam<TValue> : ITrainingTeam where TValue : unmanaged, IActivation<TValue>
{
    private readonly EnginePlan _plan;
    private readonly Team _team;
    private readonly GradientSums _sums;
    private readonly Worker<TValue>[] _workers;

    internal TrainingTeam(EnginePlan plan, VectorWidth width)
    {
        _plan = plan;
        _sums = new GradientSums(plan);
        _team = new Team(plan.Options.Workers);
        _workers = new Worker<TValue>[_team.Size];
        var kernels = width.Kernels<TValue>();
        _team.Run(index => _workers[index] = new Worker<TValue>(plan, kernels, _sums, index));
    }

    private long ImageSize => _plan.Stem.Shape.InSize;

    public EngineStepResult Step(in Images batch)
    {
        batch.RequireLabels(_plan.Network.Head.ClassCount);
        var totals = new Totals[_team.Size];
        var images = batch;
        var largestShare = (images.Count + _team.Size - 1) / _team.Size;
        var parts = (largestShare + _plan.Options.ImagesAtOnce - 1) / _plan.Options.ImagesAtOnce;
        Standardize(weights => weights.Forward());
        _team.Run(index =>
        {
            if (index < _sums.Count) _sums.SetToZero(index);
        });
        _team.Run(index => totals[index] = Train(index, images, parts));
        var finishing = Stopwatch.GetTimestamp();
        Finish();
        return new EngineStepResult(
            totals.Sum(total => total.Loss), totals.Sum(total => total.Correct), totals.Sum(total => total.PartnerCorrect),
            totals.Aggregate(TimeSpan.Zero, (sum, total) => sum + total.ForwardTime) / totals.Length,
            totals.Aggregate(TimeSpan.Zero, (sum, total) => sum + total.BackwardTime) / totals.Length,
            Stopwatch.GetElapsedTime(finishing));
    }

    public void Evaluate(float* pixels, int count, float* logits)
    {
        var images = new Images(pixels, null, null, 1, 0, count);
        Standardize(weights => weights.Forward());
        _team.Run(index =>
        {
            var some = images.Part(ImageSize, index, _team.Size);
            var first = (some.Pixels - images.Pixels) / ImageSize;
            _workers[index].Evaluate(some.Pixels, some.Count, logits + ((nint)first * _plan.Network.Head.ClassCount));
        });
    }

    public void Dispose()
    {
        _team.Dispose();
        foreach (var worker in _workers) worker.Dispose();
        _sums.Dispose();
    }

    private Totals Train(int index, in Images batch, int parts)
    {
        try
        {
            return _workers[index].Train(batch.Part(ImageSize, index, _team.Size), batch.Count, parts);
        }
        catch (OperationCanceledException)
        {
            // The worker that failed tells why.
            return default;
        }
        catch
        {
            _sums.Abandon();
            throw;
        }
    }

    /// <summary>Adds the sums in their order, whatever thread does it, so that results repeat.</summary>
    private void Finish()
    {
        var next = -1;
        var small = _workers.Select(worker => worker.Small).ToArray();
        _team.Run(_ =>
        {
            for (var i = Interlocked.Increment(ref next); i < _plan.GradientSlots.Count; i = Interlocked.Increment(ref next)) Finish(_plan.GradientSlots[i], small);
        });
        _plan.Small.Write(small);
        Standardize(weights => weights.Backward());
    }

    private void Finish(GradientSlot slot, double[][] small)
    {
        if (slot.Count == 0) return;
        var sum = _sums.Values(0, slot);
        for (var other = 1; other < _sums.Count; other++) Add(_sums.Values(other, slot), sum, slot.SumCount);
        if (slot.Packed is { } layer) Unpack(sum, slot.SumCount, layer);
        if (slot.Scale.Factor is { Learned.Exists: false, Constant: 1 }) return;
        var product = MultiplyByScale(slot);
        for (var i = 0; i < slot.Scale.BiasCount; i++)
            if (slot.Scale.Bias.Exists) product += slot.Scale.Bias.Values[i] * SmallGradients.Sum(small, slot.Scale.BiasPlace + i);
        if (slot.Scale.Factor.Learned.Exists) *slot.Scale.Factor.Learned.Gradient = (float)(product * slot.Scale.Factor.Constant);
    }

    private void Standardize(Action<StandardizedWeights> compute)
    {
        var all = _plan.Network.Standardized;
        if (all.Count == 0) return;
        var next = -1;
        _team.Run(_ =>
        {
            for (var i = Interlocked.Increment(ref next); i < all.Count; i = Interlocked.Increment(ref next)) compute(all[i]);
        });
    }

    // A sum may lie where the gradient goes, and unpacking is not possible in place. What is not packed always lies there.
    private static void Unpack(float* sum, long count, in ConvolutionLayer layer)
    {
        var copy = ArrayPool<float>.Shared.Rent((int)count);
        new ReadOnlySpan<float>(sum, (int)count).CopyTo(copy);
        fixed (float* packed = copy)
            WinogradWeights.Unpack(packed, layer.OutChannels, layer.InChannels, 0, layer.InChannels, layer.Weights.Gradient);
        ArrayPool<float>.Shared.Return(copy);
    }

    /// <summary>Multiplies a gradient by the layer's multiplier; returns the multiplier's own gradient, as far as the weights have a part in it.</summary>
    /// <remarks>d loss / d scale = ⟨weights, gradient before the scale⟩ + ⟨biases, …⟩: the result is linear in both.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double MultiplyByScale(GradientSlot slot)
    {
        var scale = slot.Scale.Factor.Value;
        float* values = slot.Parameter.Values, gradient = slot.Parameter.Gradient;
        Vector256<double> lower = default, upper = default;
        nint i = 0;
        // The same eight sums on every processor.
        for (; i + Vector256<float>.Count <= slot.Count; i += Vector256<float>.Count)
        {
            var some = Vector256.Load(gradient + i);
            var ((valuesLow, valuesHigh), (low, high)) = (Vector256.Widen(Vector256.Load(values + i)), Vector256.Widen(some));
            lower += valuesLow * low;
            upper += valuesHigh * high;
            (some * scale).Store(gradient + i);
        }
        var product = Vector256.Sum(lower + upper);
        for (; i < slot.Count; i++)
        {
            product += (double)values[i] * gradient[i];
            gradient[i] *= scale;
        }
        return product;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Add(float* more, float* sum, long count)
    {
        nint i = 0;
        for (; i + Vector256<float>.Count <= count; i += Vector256<float>.Count) (Vector256.Load(sum + i) + Vector256.Load(more + i)).Store(sum + i);
        for (; i < count; i++) sum[i] += more[i];
    }
}
