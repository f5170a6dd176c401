namespace FixupNet.Experiments.Statistics;

/// <summary>What the rounds of a benchmark say together.</summary>
public static class BenchmarkStatistics
{
    /// <summary>Median; of an even count, the mean of the middle two.</summary>
    /// <param name="values">One at least.</param>
    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>Median over the rounds of the quotient within each round.</summary>
    /// <param name="values">One a round.</param>
    /// <param name="reference">One a round; null for none, which gives null.</param>
    /// <remarks>The clock of a machine drifts from round to round, and both contenders of a round see about the same.</remarks>
    public static double? PairedRatio(IReadOnlyList<double> values, IReadOnlyList<double>? reference) =>
        reference is null ? null : Median(values.Zip(reference, (value, other) => value / other));
}
