using System.Runtime.CompilerServices;

namespace FixupNet.Engine.DepthFirst.Kernels;

/// <summary>Passes over whole activations, [images][channels/16][pixels][16], for what no convolution does on its way. Counts are multiples of 16.</summary>
internal static unsafe class Passes<TLanes, TValue>
    where TLanes : unmanaged, ILanes<TLanes>
    where TValue : unmanaged, IActivation<TValue>
{
    private const int Block = Products.Block;

    // Sums of float32 vectors are handed to float64 after this many values: long sums would lose digits.
    private const long Run = 4096;

    /// <summary>out = in + shift.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void AddShift(TValue* input, float shift, long count, float* output)
    {
        var shifts = TLanes.Broadcast(shift);
        for (nint i = 0; i < count; i += TLanes.Count) TLanes.Store(output + i, TValue.Load<TLanes>(input + i) + shifts);
    }

    /// <summary>out = multiplier·raw.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Store(float* raw, float multiplier, long count, TValue* output)
    {
        var multipliers = TLanes.Broadcast(multiplier);
        for (nint i = 0; i < count; i += TLanes.Count) TValue.Store(output + i, TLanes.Load(raw + i) * multipliers);
    }

    /// <summary>sum += values.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Add(TValue* values, long count, TValue* sum)
    {
        for (nint i = 0; i < count; i += TLanes.Count) TValue.Store(sum + i, TValue.Load<TLanes>(sum + i) + TValue.Load<TLanes>(values + i));
    }

    /// <summary>The sum of all values.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static double Sum(TValue* values, long count)
    {
        double total = 0;
        for (nint first = 0; first < count; first += (nint)Run)
        {
            var sum = TLanes.Zero;
            var last = Math.Min(first + (nint)Run, (nint)count);
            for (var i = first; i < last; i += TLanes.Count) sum += TValue.Load<TLanes>(values + i);
            total += TLanes.Sum(sum);
        }
        return total;
    }

    /// <summary>sum += raw.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Add(float* raw, long count, float* sum)
    {
        for (nint i = 0; i < count; i += TLanes.Count) TLanes.Store(sum + i, TLanes.Load(sum + i) + TLanes.Load(raw + i));
    }

    /// <summary>out = ReLU(multiplier·raw + bias).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void EndForward(float* raw, float multiplier, float bias, long count, TValue* output)
    {
        TLanes multipliers = TLanes.Broadcast(multiplier), biases = TLanes.Broadcast(bias);
        for (nint i = 0; i < count; i += TLanes.Count) TValue.Store(output + i, TLanes.Relu(TLanes.MultiplyAdd(TLanes.Load(raw + i), multipliers, biases)));
    }

    /// <summary>out = multiplier·raw + skip where gate is above 0, else 0; with both sums. skip may be null, or out.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void EndBackward(float* raw, ref BackwardEnd<TValue> end, long count, TValue* output)
    {
        if (end.Skip is null) EndBackward<No>(raw, ref end, count, output);
        else EndBackward<Yes>(raw, ref end, count, output);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void EndBackward<THasSkip>(float* raw, ref BackwardEnd<TValue> end, long count, TValue* output) where THasSkip : IFlag
    {
        var multiplier = TLanes.Broadcast(end.Multiplier);
        for (nint first = 0; first < count; first += (nint)Run)
        {
            TLanes all = TLanes.Zero, passed = TLanes.Zero;
            var last = Math.Min(first + (nint)Run, (nint)count);
            for (var i = first; i < last; i += TLanes.Count)
            {
                var value = TLanes.Load(raw + i) * multiplier;
                all += value;
                if (THasSkip.IsSet) value += TValue.Load<TLanes>(end.Skip + i);
                value = TLanes.WherePositive(TValue.Load<TLanes>(end.Gate + i), value);
                passed += value;
                TValue.Store(output + i, value);
            }
            end.Sum += TLanes.Sum(all);
            end.GatedSum += TLanes.Sum(passed);
        }
    }

    /// <summary>out [images][out/16][⌈height/stride⌉][⌈width/stride⌉][16] = the pixels kept of in + shift, and channels of zeros after them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Sample(in SampleShape shape, TValue* input, float shift, TValue* output)
    {
        // Lanes that do not count may hold anything, NaN included.
        foreach (var kept in new SampledPixels(shape))
            if (kept.Lanes == Block)
                for (var lane = 0; lane < Block; lane += TLanes.Count)
                    TValue.Store(output + kept.Sampled + lane, TValue.Load<TLanes>(input + kept.Full + lane) + TLanes.Broadcast(shift));
            else if (kept.Lanes == 0)
                for (var lane = 0; lane < Block; lane += TLanes.Count) TValue.Store(output + kept.Sampled + lane, TLanes.Zero);
            else
                for (var lane = 0; lane < Block; lane++)
                    TValue.Store(
                        output + kept.Sampled + lane,
                        lane < kept.Lanes ? TValue.Load<LanesScalar>(input + kept.Full + lane) + LanesScalar.Broadcast(shift) : LanesScalar.Zero);
    }

    /// <summary>raw [images][in/16][height][width][16] += the gradient of what sampling kept.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void AddSampledGradient(in SampleShape shape, TValue* gradient, float* raw)
    {
        foreach (var kept in new SampledPixels(shape))
            if (kept.Lanes == Block)
                for (var lane = 0; lane < Block; lane += TLanes.Count)
                    TLanes.Store(raw + kept.Full + lane, TLanes.Load(raw + kept.Full + lane) + TValue.Load<TLanes>(gradient + kept.Sampled + lane));
            else
                for (var lane = 0; lane < kept.Lanes; lane++)
                    LanesScalar.Store(
                        raw + kept.Full + lane, LanesScalar.Load(raw + kept.Full + lane) + TValue.Load<LanesScalar>(gradient + kept.Sampled + lane));
    }

    /// <summary>features [images][channels] = the mean over the pixels of in.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void MeanOverPixels(TValue* input, int images, int channels, int pixels, float* features)
    {
        var blocks = (channels + Block - 1) / Block;
        var total = stackalloc float[Block];
        for (var image = 0; image < images; image++)
            for (var block = 0; block < blocks; block++)
            {
                var from = input + ((((nint)image * blocks) + block) * pixels * Block);
                for (var lane = 0; lane < Block; lane += TLanes.Count)
                {
                    var sum = TLanes.Zero;
                    for (nint i = 0; i < pixels; i++) sum += TValue.Load<TLanes>(from + (i * Block) + lane);
                    TLanes.Store(total + lane, sum);
                }
                for (var lane = 0; lane < Math.Min(Block, channels - (block * Block)); lane++)
                    features[((nint)image * channels) + (block * Block) + lane] = total[lane] / pixels;
            }
    }

    /// <summary>out = gradient of the features / pixels where gate is above 0, else 0; returns the sum of what is stored.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static double SpreadOverPixels(float* gradient, TValue* gate, int images, int channels, int pixels, TValue* output)
    {
        var blocks = (channels + Block - 1) / Block;
        var share = stackalloc float[Block];
        double total = 0;
        for (var image = 0; image < images; image++)
            for (var block = 0; block < blocks; block++)
            {
                for (var lane = 0; lane < Block; lane++)
                    share[lane] = (block * Block) + lane < channels ? gradient[((nint)image * channels) + (block * Block) + lane] / pixels : 0;
                var first = (((nint)image * blocks) + block) * pixels * Block;
                for (var lane = 0; lane < Block; lane += TLanes.Count)
                {
                    var (value, passed) = (TLanes.Load(share + lane), TLanes.Zero);
                    for (var i = first + lane; i < first + ((nint)pixels * Block); i += Block)
                    {
                        var gated = TLanes.WherePositive(TValue.Load<TLanes>(gate + i), value);
                        passed += gated;
                        TValue.Store(output + i, gated);
                    }
                    total += TLanes.Sum(passed);
                }
            }
        return total;
    }
}
