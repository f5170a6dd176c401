using System.Runtime.CompilerServices;

namespace FixupNet.Engine.DepthFirst.Kernels;

/// <summary>Activations that are normalized channel by channel: [images][blocks of 16 channels][pixels][16].</summary>
internal readonly record struct NormShape(int Images, int Blocks, int Pixels);

/// <summary>What normalizes each channel: (in − mean)·scale + shift; three arrays over all padded channels.</summary>
internal readonly unsafe struct ChannelMap(float* means, float* scales, float* shifts)
{
    internal readonly float* Means = means;
    internal readonly float* Scales = scales;
    internal readonly float* Shifts = shifts;
}

/// <summary>Passes of a normalization whose statistics are a channel's, over some images; what they read comes from the cache right behind a convolution.</summary>
internal static unsafe class Normalization<TLanes, TValue>
    where TLanes : unmanaged, ILanes<TLanes>
    where TValue : unmanaged, IActivation<TValue>
{
    private const int Block = Products.Block;

    // Sums of float32 vectors are handed to float64 after this many values: long sums would lose digits.
    private const int Run = 1024;

    /// <summary>sums[2][channels] = Σ (in − center), Σ (in − center)², in float64.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Moments(in NormShape shape, TValue* input, float* centers, double* sums) => Sum<No>(shape, input, input, centers, sums);

    /// <summary>sums[2][channels] = Σ gradient, Σ gradient·(in − mean), in float64.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void GradientMoments(in NormShape shape, TValue* gradient, TValue* input, float* means, double* sums) =>
        Sum<Yes>(shape, gradient, input, means, sums);

    /// <summary>out = (in − mean)·scale + shift.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Normalize(in NormShape shape, TValue* input, in ChannelMap map, TValue* output) => Map<No, No>(shape, input, map, null, output);

    /// <summary>out = (in − mean)·scale + shift + skip; skip may be out.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Normalize(in NormShape shape, TValue* input, in ChannelMap map, TValue* skip, TValue* output) =>
        Map<No, Yes>(shape, input, map, skip, output);

    /// <summary>out = ReLU((in − mean)·scale + shift + skip); skip may be null, or out.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void NormalizeRelu(in NormShape shape, TValue* input, in ChannelMap map, TValue* skip, TValue* output)
    {
        if (skip is null) Map<Yes, No>(shape, input, map, null, output);
        else Map<Yes, Yes>(shape, input, map, skip, output);
    }

    /// <summary>out = gradient·factor + (in − mean)·scale + shift.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Backward(in NormShape shape, TValue* gradient, float* factors, TValue* input, in ChannelMap map, TValue* output)
    {
        for (var image = 0; image < shape.Images; image++)
            for (var block = 0; block < shape.Blocks; block++)
                for (var lane = 0; lane < Block; lane += TLanes.Count)
                {
                    var channel = (block * Block) + lane;
                    TLanes mean = TLanes.Load(map.Means + channel), scale = TLanes.Load(map.Scales + channel), shift = TLanes.Load(map.Shifts + channel);
                    var factor = TLanes.Load(factors + channel);
                    var first = ((((nint)image * shape.Blocks) + block) * shape.Pixels * Block) + lane;
                    var last = first + ((nint)shape.Pixels * Block);
                    for (var i = first; i < last; i += Block)
                        TValue.Store(
                            output + i,
                            TLanes.MultiplyAdd(TValue.Load<TLanes>(input + i) - mean, scale, TLanes.MultiplyAdd(TValue.Load<TLanes>(gradient + i), factor, shift)));
                }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Map<TRelu, THasSkip>(in NormShape shape, TValue* input, in ChannelMap map, TValue* skip, TValue* output)
        where TRelu : IFlag
        where THasSkip : IFlag
    {
        for (var image = 0; image < shape.Images; image++)
            for (var block = 0; block < shape.Blocks; block++)
                for (var lane = 0; lane < Block; lane += TLanes.Count)
                {
                    var channel = (block * Block) + lane;
                    TLanes mean = TLanes.Load(map.Means + channel), scale = TLanes.Load(map.Scales + channel), shift = TLanes.Load(map.Shifts + channel);
                    var first = ((((nint)image * shape.Blocks) + block) * shape.Pixels * Block) + lane;
                    var last = first + ((nint)shape.Pixels * Block);
                    for (var i = first; i < last; i += Block)
                    {
                        var value = TLanes.MultiplyAdd(TValue.Load<TLanes>(input + i) - mean, scale, shift);
                        if (THasSkip.IsSet) value += TValue.Load<TLanes>(skip + i);
                        TValue.Store(output + i, TRelu.IsSet ? TLanes.Relu(value) : value);
                    }
                }
    }

    /// <summary>Σ gradient and Σ gradient·(in − center), or with the values themselves, centered, for gradients.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Sum<TIsGradient>(in NormShape shape, TValue* gradient, TValue* input, float* centers, double* sums) where TIsGradient : IFlag
    {
        var channels = shape.Blocks * Block;
        new Span<double>(sums, 2 * channels).Clear();
        for (var block = 0; block < shape.Blocks; block++)
            for (var image = 0; image < shape.Images; image++)
                for (var first = 0; first < shape.Pixels; first += Run)
                {
                    var from = ((((((nint)image * shape.Blocks) + block) * shape.Pixels) + first) * Block);
                    SumRun<TIsGradient>(gradient + from, input + from, centers + (block * Block), Math.Min(Run, shape.Pixels - first), sums + (block * Block), channels);
                }
    }

    // Four sums of each kind hide the latency of additions.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SumRun<TIsGradient>(TValue* gradient, TValue* input, float* centers, int pixels, double* sums, int channels) where TIsGradient : IFlag
    {
        var total = stackalloc float[2 * Block];
        for (var lane = 0; lane < Block; lane += TLanes.Count)
        {
            var center = TLanes.Load(centers + lane);
            TLanes a0, a1, a2, a3, b0, b1, b2, b3;
            a0 = a1 = a2 = a3 = b0 = b1 = b2 = b3 = TLanes.Zero;
            nint i = lane, end = lane + ((nint)pixels * Block);
            for (; i + (3 * Block) < end; i += 4 * Block)
            {
                Accumulate<TIsGradient>(gradient + i, input + i, center, ref a0, ref b0);
                Accumulate<TIsGradient>(gradient + i + Block, input + i + Block, center, ref a1, ref b1);
                Accumulate<TIsGradient>(gradient + i + (2 * Block), input + i + (2 * Block), center, ref a2, ref b2);
                Accumulate<TIsGradient>(gradient + i + (3 * Block), input + i + (3 * Block), center, ref a3, ref b3);
            }
            for (; i < end; i += Block) Accumulate<TIsGradient>(gradient + i, input + i, center, ref a0, ref b0);
            TLanes.Store(total + lane, a0 + a1 + (a2 + a3));
            TLanes.Store(total + Block + lane, b0 + b1 + (b2 + b3));
        }
        for (var lane = 0; lane < Block; lane++)
        {
            sums[lane] += total[lane];
            sums[channels + lane] += total[Block + lane];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Accumulate<TIsGradient>(TValue* gradient, TValue* input, TLanes center, ref TLanes sum, ref TLanes product) where TIsGradient : IFlag
    {
        var centered = TValue.Load<TLanes>(input) - center;
        var value = TIsGradient.IsSet ? TValue.Load<TLanes>(gradient) : centered;
        sum += value;
        product = TLanes.MultiplyAdd(value, centered, product);
    }
}
