namespace FixupNet.Analysis;

/// <summary>How far two maps of one image agree.</summary>
/// <param name="TopIntersection">The share of the k greatest positions that both have, in [0, 1].</param>
/// <param name="RankCorrelation">Spearman's, over all positions, in [−1, 1]; NaN where a map is constant.</param>
/// <param name="CentreShift">Distance of the centres of mass in pixels; NaN where a map is 0.</param>
public sealed record MapComparison(double TopIntersection, double RankCorrelation, double CentreShift)
{
    /// <summary>Compares two maps.</summary>
    /// <param name="left">Values, row after row, 0 or more.</param>
    /// <param name="right">The other's.</param>
    /// <param name="width">Columns of a row.</param>
    /// <param name="k">How many positions count as the greatest, in 1 … all.</param>
    public static MapComparison Of(ReadOnlySpan<double> left, ReadOnlySpan<double> right, int width, int k)
    {
        if (left.Length != right.Length) throw new ArgumentException($"The maps have {left.Length} and {right.Length} positions.", nameof(right));
        var ((leftRow, leftColumn), (rightRow, rightColumn)) = (Centre(left, width), Centre(right, width));
        return new MapComparison(
            Top(left, k).Intersect(Top(right, k)).Count() / (double)k,
            Correlation(Ranks(left), Ranks(right)),
            Math.Sqrt(Math.Pow(leftRow - rightRow, 2) + Math.Pow(leftColumn - rightColumn, 2)));
    }

    /// <summary>The positions of the k greatest values, of equals those that come first.</summary>
    /// <param name="map">Values.</param>
    /// <param name="k">How many, in 1 … all.</param>
    public static IReadOnlyList<int> Top(ReadOnlySpan<double> map, int k)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(k, map.Length);
        var values = map.ToArray();
        return [.. Enumerable.Range(0, values.Length).OrderByDescending(i => values[i]).Take(k)];
    }

    /// <summary>Spearman's rank correlation of two lists of values, equal values sharing the mean of their ranks; NaN where one is constant.</summary>
    /// <param name="left">Values.</param>
    /// <param name="right">As many.</param>
    public static double SpearmanOf(ReadOnlySpan<double> left, ReadOnlySpan<double> right) => Correlation(Ranks(left), Ranks(right));

    /// <summary>A map's centre of mass; NaN where it is 0.</summary>
    internal static (double Row, double Column) Centre(ReadOnlySpan<double> map, int width)
    {
        var (sum, row, column) = (0.0, 0.0, 0.0);
        for (var i = 0; i < map.Length; i++) (sum, row, column) = (sum + map[i], row + map[i] * (i / width), column + map[i] * (i % width));
        return (row / sum, column / sum);
    }

    // Equal values share the mean of their ranks.
    private static double[] Ranks(ReadOnlySpan<double> map)
    {
        var values = map.ToArray();
        var ranks = new double[values.Length];
        foreach (var group in Enumerable.Range(0, values.Length).OrderBy(i => values[i]).Select((position, rank) => (position, rank)).GroupBy(item => values[item.position]))
        {
            var mean = group.Average(item => item.rank);
            foreach (var (position, _) in group) ranks[position] = mean;
        }
        return ranks;
    }

    private static double Correlation(double[] left, double[] right)
    {
        var (leftMean, rightMean) = (left.Average(), right.Average());
        var products = left.Zip(right, (a, b) => (a - leftMean) * (b - rightMean)).Sum();
        return products / Math.Sqrt(left.Sum(a => Math.Pow(a - leftMean, 2)) * right.Sum(b => Math.Pow(b - rightMean, 2)));
    }
}
