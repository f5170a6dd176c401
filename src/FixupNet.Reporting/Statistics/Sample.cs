namespace FixupNet.Reporting.Statistics;

/// <summary>Describes a sample, such as the accuracies over the seeds of an experiment.</summary>
public static class Sample
{
    /// <summary>Arithmetic mean.</summary>
    /// <param name="values">Any values; one that is not finite makes the mean not finite.</param>
    /// <returns>The mean, or null of no values.</returns>
    public static double? Mean(IReadOnlyCollection<double> values) => values.Count == 0 ? null : values.Average();

    /// <summary>Standard deviation of a sample, which divides by n - 1.</summary>
    /// <param name="values">Any values.</param>
    /// <returns>The deviation, or null of fewer than two values, which say nothing about it.</returns>
    public static double? StandardDeviation(IReadOnlyCollection<double> values)
    {
        if (values.Count < 2) return null;
        return Math.Sqrt(SquaredDistances(values) / (values.Count - 1));
    }

    /// <summary>Sum of the squared distances from the mean; exactly 0 of values that are all the same.</summary>
    /// <param name="values">Any values.</param>
    public static double SquaredDistances(IReadOnlyCollection<double> values)
    {
        // The mean of seven times 0.1 is not 0.1, and what is divided by the rest would be of the size 1e15.
        if (!Varies(values)) return 0;
        // Around the mean, in a second pass: the one-pass formula loses all digits of close accuracies.
        var mean = values.Average();
        return values.Sum(value => (value - mean) * (value - mean));
    }

    /// <summary>Whether there are two values that differ.</summary>
    /// <param name="values">Any values.</param>
    public static bool Varies(IReadOnlyCollection<double> values) => values.Distinct().Skip(1).Any();

    /// <summary>Median; of an even count, the mean of the middle two.</summary>
    /// <param name="values">Any values. NaN counts as larger than infinity, for it stands for a norm that grew beyond all bounds.</param>
    /// <returns>The median, or null of no values.</returns>
    public static double? Median(IReadOnlyCollection<double> values)
    {
        if (values.Count == 0) return null;
        double[] sorted = [.. values.OrderBy(double.IsNaN).ThenBy(value => value)];
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
