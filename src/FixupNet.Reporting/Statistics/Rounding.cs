namespace FixupNet.Reporting.Statistics;

/// <summary>Makes numbers that differ by rounding alone the same, so that ties are ties, zeros are zeros and constants do not vary.</summary>
/// <remarks>0.9 − 0.8 and 0.8 − 0.7 differ by 1e-16. Accuracies are counts over a number of examples and losses sums of single-precision
/// numbers: what lies nearer together than 1e-12 of the largest value is rounding, at up to a billion examples.</remarks>
public static class Rounding
{
    /// <summary>Distance within which numbers are the same, as a share of the largest value they were made of.</summary>
    public const double Tolerance = 1e-12;

    /// <summary>Gives each run of values that lie within rounding of each other one value.</summary>
    /// <param name="values">Finite values.</param>
    /// <returns>The values, in the same order.</returns>
    public static double[] Joined(IReadOnlyList<double> values) => Joined(values, Largest(values));

    /// <summary>Gives differences whose sizes lie within rounding of each other one size; what is 0 but for rounding becomes 0.</summary>
    /// <param name="differences">Finite differences.</param>
    /// <param name="scale">The largest value they are differences of, at least 0.</param>
    /// <returns>The differences, in the same order.</returns>
    public static double[] JoinedSizes(IReadOnlyList<double> differences, double scale)
    {
        var sizes = Joined([0, .. differences.Select(Math.Abs)], scale);
        return [.. differences.Select((difference, i) => difference < 0 ? -sizes[i + 1] : sizes[i + 1])];
    }

    /// <summary>The largest absolute value; 0 of no values.</summary>
    /// <param name="values">Finite values.</param>
    public static double Largest(IEnumerable<double> values) => values.Select(Math.Abs).DefaultIfEmpty().Max();

    private static double[] Joined(IReadOnlyList<double> values, double scale)
    {
        var joined = values.ToArray();
        int[] order = [.. Enumerable.Range(0, joined.Length).OrderBy(i => values[i])];
        foreach (var (before, index) in order.Zip(order.Skip(1)))
            if (values[index] - values[before] <= Tolerance * scale) joined[index] = joined[before];
        return joined;
    }
}
