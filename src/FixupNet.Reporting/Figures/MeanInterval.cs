namespace FixupNet.Reporting.Figures;

/// <summary>The 95 % interval of a mean.</summary>
internal static class MeanInterval
{
    // Student's t at 0.975 for 1 to 30 degrees of freedom (NIST/SEMATECH e-Handbook of Statistical Methods, Sec. 1.3.6.7.2).
    private static readonly double[] Quantiles =
    [
        12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093,
        2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042,
    ];

    /// <summary>Ends of the interval, or null of fewer than two values.</summary>
    public static (double Low, double High)? Of(IReadOnlyCollection<double> values)
    {
        if (Statistics.SampleDeviation(values) is not { } deviation || !double.IsFinite(deviation)) return null;
        var half = Quantiles[Math.Min(values.Count - 1, Quantiles.Length) - 1] * deviation / Math.Sqrt(values.Count);
        return (values.Average() - half, values.Average() + half);
    }
}
