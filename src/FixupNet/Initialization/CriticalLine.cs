namespace FixupNet.Initialization;

/// <summary>Where a wide network neither forgets nor magnifies small differences of its inputs: the variances of weights and biases at which χ = 1.</summary>
/// <param name="WeightVariance">σ_w²; weights have σ_w²/fan_in.</param>
/// <param name="BiasVariance">σ_b².</param>
/// <remarks>arXiv:1806.05393, Sec. 2.2: σ_w² = 1/E[φ'(√q z)²] and σ_b² = q − σ_w² E[φ(√q z)²], z standard normal.</remarks>
public readonly record struct CriticalLine(double WeightVariance, double BiasVariance)
{
    // The trapezoidal rule converges exponentially where everything is smooth and vanishes at the ends.
    private const double Reach = 12.0;
    private const int IntervalCount = 2000;

    /// <summary>The critical line of ReLU, the same at every q.</summary>
    public static CriticalLine Relu { get; } = new(2.0, 0.0);

    /// <summary>The critical line of a smooth activation.</summary>
    /// <param name="variance">q, the variance that layers keep, above 0.</param>
    /// <param name="activation">φ.</param>
    /// <param name="derivative">φ'.</param>
    /// <exception cref="ArgumentOutOfRangeException">q is not above 0.</exception>
    public static CriticalLine Of(double variance, Func<double, double> activation, Func<double, double> derivative)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(variance);
        var deviation = Math.Sqrt(variance);
        var weightVariance = 1 / Mean(z => Math.Pow(derivative(deviation * z), 2));
        return new CriticalLine(weightVariance, variance - weightVariance * Mean(z => Math.Pow(activation(deviation * z), 2)));
    }

    private static double Mean(Func<double, double> function)
    {
        const double Step = 2 * Reach / IntervalCount;
        var (sum, weights) = (0.0, 0.0);
        for (var i = 0; i <= IntervalCount; i++)
        {
            var z = -Reach + i * Step;
            var weight = Math.Exp(-z * z / 2);
            (sum, weights) = (sum + weight * function(z), weights + weight);
        }
        return sum / weights;
    }
}
