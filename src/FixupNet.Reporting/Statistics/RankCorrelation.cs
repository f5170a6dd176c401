namespace FixupNet.Reporting.Statistics;

/// <summary>Whether two numbers of the same things put them into the same order.</summary>
public static class RankCorrelation
{
    /// <summary>Spearman's rank correlation; equal values share the mean of their ranks.</summary>
    /// <param name="left">A number a thing.</param>
    /// <param name="right">The other number of each.</param>
    /// <returns>In [−1, 1]; null of fewer than three things, or where all have one value.</returns>
    public static double? Spearman(IReadOnlyList<double> left, IReadOnlyList<double> right)
    {
        if (left.Count != right.Count) throw new ArgumentException($"There are {left.Count} and {right.Count} values.", nameof(right));
        if (left.Count < 3 || !Sample.Varies([.. left]) || !Sample.Varies([.. right])) return null;
        var (a, b) = (Ranks(left), Ranks(right));
        var mean = (left.Count - 1) / 2.0;
        return a.Zip(b, (x, y) => (x - mean) * (y - mean)).Sum() / Math.Sqrt(a.Sum(x => (x - mean) * (x - mean)) * b.Sum(y => (y - mean) * (y - mean)));
    }

    private static double[] Ranks(IReadOnlyList<double> values) =>
        [.. values.Select(value => values.Count(other => other < value) + (values.Count(other => other == value) - 1) / 2.0)];
}
