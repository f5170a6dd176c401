using FixupNet.Engine.DepthFirst.Kernels;

namespace FixupNet.Engine.DepthFirst;

/// <summary>Computes what follows a convolution, over whole tensors: normalizations of an image, biases, multipliers, ReLU and sum.</summary>
internal sealed unsafe class BetweenPasses<TValue>(WorkerMemory<TValue> memory) where TValue : unmanaged, IActivation<TValue>
{
    // PyTorch's default.
    private const double Epsilon = 1e-5;

    private readonly IKernels<TValue> _kernels = memory.Kernels;

    /// <summary>Computes what follows a convolution, and what its backward pass needs of statistics.</summary>
    /// <param name="between">What follows.</param>
    /// <param name="shape">Shape of all tensors.</param>
    /// <param name="raw">What the convolution gave.</param>
    /// <param name="skip">Added before the ReLU; null for nothing.</param>
    /// <param name="relu">Whether there is a ReLU.</param>
    /// <param name="output">Where the result goes.</param>
    internal void Forward(PlannedBetween between, in NormShape shape, TValue* raw, TValue* skip, bool relu, TValue* output)
    {
        if (between.Layers.Norm is { } norm)
        {
            for (var image = 0; image < shape.Images; image++) TakeStatistics(between, norm, shape, image, raw);
            Again(between, shape, raw, skip, relu, output);
            return;
        }
        var channels = memory.Channels;
        double scale = between.Layers.ResultFactor.Value, shift = between.Layers.Bias.ValueOr(0) * between.Layers.Gain;
        for (var c = 0; c < shape.Blocks * Products.Block; c++)
        {
            var exists = c < between.Channels;
            channels.Means[c] = exists && between.Layers.ChannelBias.Exists ? -between.Layers.ChannelBias.Values[c] : 0;
            channels.Scales[c] = exists ? (float)scale : 0;
            channels.Shifts[c] = exists ? (float)shift : 0;
        }
        Map(shape, raw, skip, relu, output);
    }

    /// <summary>Computes what follows a convolution once more, from the statistics that there are.</summary>
    internal void Again(PlannedBetween between, in NormShape shape, TValue* raw, TValue* skip, bool relu, TValue* output)
    {
        var norm = between.Layers.Norm!;
        var (one, size) = (shape with { Images = 1 }, Size(shape));
        for (var image = 0; image < shape.Images; image++)
        {
            SetForward(between, norm, shape, image);
            var at = image * size;
            Map(one, raw + at, skip is null ? null : skip + at, relu, output + at);
        }
    }

    /// <summary>Carries a gradient back through a normalization, and adds to the sums of its parameters.</summary>
    /// <param name="between">What follows the convolution.</param>
    /// <param name="shape">Shape of all tensors.</param>
    /// <param name="gradient">The gradient of what is normalized.</param>
    /// <param name="raw">What the convolution gave.</param>
    /// <param name="output">Where the gradient of that goes.</param>
    internal void NormBackward(PlannedBetween between, in NormShape shape, TValue* gradient, TValue* raw, TValue* output)
    {
        var norm = between.Layers.Norm!;
        var (one, size, channels) = (shape with { Images = 1 }, Size(shape), memory.Channels);
        for (var image = 0; image < shape.Images; image++)
        {
            SetForward(between, norm, shape, image);
            var at = image * size;
            _kernels.GradientMoments(one, gradient + at, raw + at, channels.Means, channels.Sums);
            SetBackward(between, norm, shape, image);
            _kernels.NormalizeBackward(one, gradient + at, channels.Factors, raw + at, channels.Map, output + at);
        }
    }

    /// <summary>Adds a gradient's sums over pixels to those of the convolution's biases, if it has any.</summary>
    internal void AddChannelSums(PlannedBetween between, in NormShape shape, TValue* gradient)
    {
        if (!between.Layers.ChannelBias.Exists) return;
        _kernels.Moments(shape, gradient, memory.Channels.Zeros, memory.Channels.Sums);
        for (var c = 0; c < between.Channels; c++) memory.Small[between.ChannelBias + c] += memory.Channels.Sums[c];
    }

    /// <summary>out = scale·(in + shift), with a ReLU or without.</summary>
    internal void Uniform(in NormShape shape, TValue* input, double scale, double shift, bool relu, TValue* output)
    {
        _ = memory.Channels.Uniform(scale, shift);
        Map(shape, input, null, relu, output);
    }

    private static nint Size(in NormShape shape) => (nint)shape.Blocks * shape.Pixels * Products.Block;

    private void Map(in NormShape shape, TValue* raw, TValue* skip, bool relu, TValue* output)
    {
        if (relu) _kernels.NormalizeRelu(shape, raw, memory.Channels.Map, skip, output);
        else if (skip is null) _kernels.Normalize(shape, raw, memory.Channels.Map, output);
        else _kernels.Normalize(shape, raw, memory.Channels.Map, skip, output);
    }

    // Mean and inverse deviation of each group of an image.
    private Span<(double Mean, double Inverse)> Statistics(PlannedBetween between, ImageNorm norm, int image) =>
        new(memory.Statistics + ((long)between.Statistics * memory.Plan.Options.ImagesAtOnce) + (2L * norm.Groups * image), norm.Groups);

    private void TakeStatistics(PlannedBetween between, ImageNorm norm, in NormShape shape, int image, TValue* raw)
    {
        var channels = memory.Channels;
        var statistics = Statistics(between, norm, image);
        var (members, padded) = (norm.Channels / norm.Groups, shape.Blocks * Products.Block);
        _kernels.Moments(shape with { Images = 1 }, raw + (image * Size(shape)), channels.Zeros, channels.Sums);
        var count = (double)members * shape.Pixels;
        for (var group = 0; group < norm.Groups; group++)
        {
            double sum = 0, squares = 0;
            for (var c = group * members; c < (group + 1) * members; c++)
            {
                sum += channels.Sums[c];
                squares += channels.Sums[padded + c];
            }
            var mean = sum / count;
            var variance = (squares / count) - (mean * mean);
            // Rounding must not make it negative; a variance that is not a number stays so.
            if (variance < 0) variance = 0;
            statistics[group] = (mean, 1 / Math.Sqrt(variance + Epsilon));
        }
    }

    private void SetForward(PlannedBetween between, ImageNorm norm, in NormShape shape, int image)
    {
        var statistics = Statistics(between, norm, image);
        var (channels, members, gain) = (memory.Channels, norm.Channels / norm.Groups, between.Layers.Gain);
        for (var c = 0; c < shape.Blocks * Products.Block; c++)
        {
            var exists = c < norm.Channels;
            var (mean, inverse) = exists ? statistics[c / members] : default;
            channels.Means[c] = (float)mean;
            channels.Scales[c] = exists ? (float)(norm.Gain.Values[c] * inverse * gain) : 0;
            channels.Shifts[c] = exists ? (float)(norm.Shift.Values[c] * gain) : 0;
        }
    }

    // With g the gradient, G = Σ γ·g and H = Σ γ·g·(r − mean) over the n values of a group: γ/σ·g − (G + (r − mean)·H/σ²)/(n·σ).
    private void SetBackward(PlannedBetween between, ImageNorm norm, in NormShape shape, int image)
    {
        var channels = memory.Channels;
        var statistics = Statistics(between, norm, image);
        var (members, padded, gain) = (norm.Channels / norm.Groups, shape.Blocks * Products.Block, between.Layers.Gain);
        var count = (double)members * shape.Pixels;
        for (var group = 0; group < norm.Groups; group++)
        {
            double sum = 0, product = 0;
            var inverse = statistics[group].Inverse;
            for (var c = group * members; c < (group + 1) * members; c++)
            {
                memory.Small[between.NormShift + c] += gain * channels.Sums[c];
                memory.Small[between.NormGain + c] += gain * inverse * channels.Sums[padded + c];
                sum += norm.Gain.Values[c] * gain * channels.Sums[c];
                product += norm.Gain.Values[c] * gain * channels.Sums[padded + c];
            }
            for (var c = group * members; c < (group + 1) * members; c++)
            {
                channels.Factors[c] = (float)(norm.Gain.Values[c] * gain * inverse);
                channels.Scales[c] = (float)(-product * inverse * inverse * inverse / count);
                channels.Shifts[c] = (float)(-sum * inverse / count);
            }
        }
        for (var c = norm.Channels; c < padded; c++) channels.Factors[c] = channels.Scales[c] = channels.Shifts[c] = 0;
    }
}
