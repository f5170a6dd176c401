using MathNet.Numerics.Distributions;
using MathNet.Numerics.Random;

namespace FixupNet.Reporting.Statistics;

/// <summary>Bootstrap intervals of means and of their differences, bias-corrected and accelerated (BCa): the same seed gives the same
/// interval.</summary>
/// <remarks>Efron and Tibshirani, An Introduction to the Bootstrap (1993), Chapter 14. Below ten values these intervals are too
/// narrow.</remarks>
public static class Bootstrap
{
    private const int Resamples = 10_000;

    /// <summary>Interval of a mean.</summary>
    /// <param name="values">Finite values.</param>
    /// <param name="seed">Of the resamples.</param>
    /// <param name="confidence">In (0, 1).</param>
    /// <returns>The interval, or null of fewer than two values.</returns>
    public static Interval? MeanInterval(IReadOnlyList<double> values, int seed, double confidence = 0.95) =>
        Of([(values, 1)], seed, confidence);

    /// <summary>Interval of the difference of two means.</summary>
    /// <param name="values">Finite values.</param>
    /// <param name="baseline">The finite values they are compared with.</param>
    /// <param name="seed">Of the resamples.</param>
    /// <param name="confidence">In (0, 1).</param>
    /// <returns>The interval of values minus baseline, or null where a group has fewer than two values.</returns>
    public static Interval? DifferenceInterval(
        IReadOnlyList<double> values, IReadOnlyList<double> baseline, int seed, double confidence = 0.95) =>
        Of([(values, 1), (baseline, -1)], seed, confidence);

    private static Interval? Of((IReadOnlyList<double> Values, int Sign)[] groups, int seed, double confidence)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(confidence, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(confidence, 1);
        if (groups.Any(group => group.Values.Count < 2)) return null;
        var seen = groups.Sum(group => group.Sign * group.Values.Average());
        var means = Draw(groups, seed);
        if (means[0] == means[^1]) return new Interval(means[0], means[0]); // values that do not vary
        var bias = Normal.InvCDF(0, 1, means.Sum(mean => mean < seen ? 1 : mean == seen ? 0.5 : 0) / Resamples);
        var acceleration = Acceleration(groups);
        double End(double chance)
        {
            var shifted = bias + Normal.InvCDF(0, 1, chance);
            return Quantile(means, Normal.CDF(0, 1, bias + shifted / (1 - acceleration * shifted)));
        }
        return new Interval(End((1 - confidence) / 2), End((1 + confidence) / 2));
    }

    private static double[] Draw((IReadOnlyList<double> Values, int Sign)[] groups, int seed)
    {
        var random = new MersenneTwister(seed, threadSafe: false);
        var means = new double[Resamples];
        for (var i = 0; i < Resamples; i++)
            foreach (var (values, sign) in groups) means[i] += sign * DrawMean(values, random);
        Array.Sort(means);
        return means;
    }

    private static double DrawMean(IReadOnlyList<double> values, MersenneTwister random)
    {
        double sum = 0;
        for (var i = 0; i < values.Count; i++) sum += values[random.Next(values.Count)];
        return sum / values.Count;
    }

    // By the jackknife; leaving a value out moves a mean by its distance from the mean over n - 1.
    private static double Acceleration((IReadOnlyList<double> Values, int Sign)[] groups)
    {
        var (cubes, squares) = (0.0, 0.0);
        foreach (var (values, sign) in groups)
        {
            var mean = values.Average();
            cubes += sign * values.Sum(value => Math.Pow((value - mean) / values.Count, 3));
            squares += values.Sum(value => Math.Pow((value - mean) / values.Count, 2));
        }
        return cubes / (6 * Math.Pow(squares, 1.5));
    }

    private static double Quantile(double[] sorted, double share)
    {
        var place = share * (sorted.Length - 1);
        var below = (int)place;
        return below + 1 < sorted.Length ? sorted[below] + (place - below) * (sorted[below + 1] - sorted[below]) : sorted[^1];
    }
}
