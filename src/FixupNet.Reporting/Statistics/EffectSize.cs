using MathNet.Numerics;

namespace FixupNet.Reporting.Statistics;

/// <summary>How large a difference is in standard deviations: Hedges' g, which is Cohen's d without its bias in small samples.</summary>
/// <param name="Name">"g": in pooled standard deviations of the two groups; "g_z": in standard deviations of the differences of pairs, which
/// is the larger of the two the more alike the pairs are, and says nothing beside a g of other groups.</param>
/// <param name="Value">Its value.</param>
/// <param name="Interval">Its confidence interval.</param>
/// <remarks>Hedges, Journal of Educational Statistics 6 (1981), with the exact factor; the interval is that of the noncentral t distribution
/// and takes values for normally distributed, with equal variances where there are two groups.</remarks>
public sealed record EffectSize(string Name, double Value, Interval Interval)
{
    /// <summary>Of two groups, by their pooled deviation.</summary>
    /// <param name="values">Finite values.</param>
    /// <param name="baseline">The finite values they are compared with.</param>
    /// <param name="confidence">In (0, 1).</param>
    /// <returns>g of values minus baseline, or null where there are fewer than four values or neither group varies.</returns>
    public static EffectSize? TwoSamples(
        IReadOnlyCollection<double> values, IReadOnlyCollection<double> baseline, double confidence = 0.95)
    {
        if (values.Count == 0 || baseline.Count == 0) return null;
        var degrees = values.Count + baseline.Count - 2;
        var pooled = Math.Sqrt((Sample.SquaredDistances(values) + Sample.SquaredDistances(baseline)) / degrees);
        var size = (double)values.Count * baseline.Count / (values.Count + baseline.Count);
        return Of("g", values.Average() - baseline.Average(), pooled, (degrees, size, confidence));
    }

    /// <summary>Of differences of pairs, by the deviation of the differences.</summary>
    /// <param name="differences">A finite difference a pair.</param>
    /// <param name="confidence">In (0, 1).</param>
    /// <returns>g_z, or null of fewer than three differences, or of differences that are all the same.</returns>
    public static EffectSize? Paired(IReadOnlyCollection<double> differences, double confidence = 0.95) =>
        Sample.StandardDeviation(differences) is { } deviation
            ? Of("g_z", differences.Average(), deviation, (differences.Count - 1, differences.Count, confidence))
            : null;

    private static EffectSize? Of(string name, double difference, double deviation, (int Degrees, double Size, double Confidence) from)
    {
        // With one degree of freedom the factor is 0.
        if (from.Degrees < 2 || !(deviation > 0)) return null;
        var half = from.Degrees / 2.0;
        var unbiased = Math.Exp(SpecialFunctions.GammaLn(half) - SpecialFunctions.GammaLn(half - 0.5)) / Math.Sqrt(half);
        var t = difference / deviation * Math.Sqrt(from.Size);
        double End(double chance) => NoncentralT.Noncentrality(t, from.Degrees, chance) / Math.Sqrt(from.Size) * unbiased;
        return new EffectSize(name, difference / deviation * unbiased, new Interval(End((1 + from.Confidence) / 2), End((1 - from.Confidence) / 2)));
    }
}
