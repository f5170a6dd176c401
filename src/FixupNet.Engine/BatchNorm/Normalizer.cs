using FixupNet.Engine.DepthFirst.Kernels;

namespace FixupNet.Engine.BatchNorm;

/// <summary>A batch normalization during a step: the statistics of the batch, and what they make of every channel forward and backward.</summary>
/// <remarks>
/// forward: (r − mean)·γ/σ + β. Backward, with g the gradient of that, n the values of a channel, G = Σ g and H = Σ g·(r − mean):
/// γ/σ·(g − G/n − (r − mean)·H/(n·σ²)), d γ = H/σ, d β = G.
/// </remarks>
/// <param name="memory">The model's.</param>
/// <param name="paddedChannels">Channels, padded to a multiple of 16; the padding stays 0.</param>
/// <param name="arrays">Zeros for <see cref="ArrayCount"/> arrays of so many floats.</param>
internal sealed unsafe class Normalizer(NormMemory memory, int paddedChannels, float* arrays)
{
    internal const int ArrayCount = 6;

    // PyTorch's default, which the networks here use.
    private const double Momentum = 0.1;

    private readonly double[] _inverseDeviations = new double[memory.Channels];

    private float* Means => arrays;

    private float* Scales => arrays + paddedChannels;

    private float* Shifts => arrays + (2 * paddedChannels);

    /// <summary>What sums over the batch are taken about, so that few digits cancel; zero until there are statistics.</summary>
    internal float* Centers => arrays + (3 * paddedChannels);

    private float* BackwardScales => arrays + (4 * paddedChannels);

    private float* BackwardShifts => arrays + (5 * paddedChannels);

    /// <summary>What normalizes.</summary>
    internal ChannelMap Forward => new(Means, Scales, Shifts);

    /// <summary>What multiplies a gradient on its way back.</summary>
    internal float* Factors => Scales;

    /// <summary>What is added to it, of the values before normalization.</summary>
    internal ChannelMap Backward => new(Means, BackwardScales, BackwardShifts);

    /// <summary>Doubles of one part's sums.</summary>
    internal int MomentCount => 2 * paddedChannels;

    /// <summary>Takes the running statistics instead of a batch's.</summary>
    internal void UseRunning()
    {
        for (var c = 0; c < memory.Channels; c++) Set(c, memory.RunningMeans[c], memory.RunningVariances[c]);
    }

    /// <summary>Begins a step.</summary>
    internal void Center()
    {
        for (var c = 0; c < memory.Channels; c++) Centers[c] = float.IsFinite(memory.RunningMeans[c]) ? memory.RunningMeans[c] : 0;
    }

    /// <summary>Takes the sums of the batch, and updates the running statistics as PyTorch does.</summary>
    /// <param name="moments">Σ (r − center) and Σ (r − center)² of each part.</param>
    /// <param name="parts">Parts.</param>
    /// <param name="count">Values of a channel.</param>
    internal void TakeMoments(double* moments, int parts, long count)
    {
        for (var c = 0; c < memory.Channels; c++)
        {
            var (sum, squares) = Sums(moments, parts, c);
            var offset = sum / count;
            // Rounding must not make it negative; a variance that is not a number stays so.
            var variance = (squares / count) - (offset * offset);
            if (variance < 0) variance = 0;
            var mean = Centers[c] + offset;
            Set(c, mean, variance);
            memory.RunningMeans[c] = (float)(((1 - Momentum) * memory.RunningMeans[c]) + (Momentum * mean));
            memory.RunningVariances[c] = (float)(((1 - Momentum) * memory.RunningVariances[c]) + (Momentum * variance * count / (count - 1)));
        }
        ++*memory.BatchCount;
    }

    /// <summary>Takes the sums of the gradient, and writes the gradients of γ and β.</summary>
    /// <param name="moments">Σ g and Σ g·(r − mean) of each part.</param>
    /// <param name="parts">Parts.</param>
    /// <param name="count">Values of a channel.</param>
    internal void TakeGradientMoments(double* moments, int parts, long count)
    {
        for (var c = 0; c < memory.Channels; c++)
        {
            var (sum, product) = Sums(moments, parts, c);
            var inverse = _inverseDeviations[c];
            memory.Shift.Gradient[c] = (float)sum;
            memory.Gain.Gradient[c] = (float)(product * inverse);
            BackwardScales[c] = (float)(-Scales[c] * inverse * inverse * product / count);
            BackwardShifts[c] = (float)(-Scales[c] * sum / count);
        }
    }

    private void Set(int channel, double mean, double variance)
    {
        var inverse = _inverseDeviations[channel] = 1 / Math.Sqrt(variance + memory.Epsilon);
        Means[channel] = (float)mean;
        Scales[channel] = (float)(memory.Gain.Values[channel] * inverse);
        Shifts[channel] = memory.Shift.Values[channel];
    }

    // In the order of the parts, whoever computed them.
    private (double First, double Second) Sums(double* moments, int parts, int channel)
    {
        double first = 0, second = 0;
        for (var part = 0; part < parts; part++, moments += MomentCount)
        {
            first += moments[channel];
            second += moments[paddedChannels + channel];
        }
        return (first, second);
    }
}
