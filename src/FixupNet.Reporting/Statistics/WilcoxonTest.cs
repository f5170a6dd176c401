using MathNet.Numerics.Distributions;

namespace FixupNet.Reporting.Statistics;

/// <summary>Wilcoxon's signed-rank test: whether differences are symmetric about 0; and the center about which they are, with the interval of
/// all centers that the test does not reject.</summary>
/// <remarks>Differences of 0 are left out, equal ones share the mean of their ranks. Up to 50 differences the distribution is counted, with
/// ties as they are; above, it is approximated by the normal one, with corrections for ties and continuity. Wilcoxon, Biometrics 1
/// (1945); Hodges and Lehmann, Annals of Mathematical Statistics 34 (1963).</remarks>
public static class WilcoxonTest
{
    // 2^50 arrangements are counted without rounding by a double.
    private const int MostCounted = 50;

    /// <summary>Runs the test.</summary>
    /// <param name="differences">A finite difference a pair.</param>
    /// <returns>V, the sum of the ranks of the positive differences, and its p-value; 1 where all differences are 0.</returns>
    public static TestResult Of(IEnumerable<double> differences)
    {
        double[] used = [.. differences.Where(difference => difference != 0)];
        var ranks = TwiceRanks([.. used.Select(Math.Abs)]);
        var positive = ranks.Where((_, index) => used[index] > 0).Sum();
        var isExact = used.Length <= MostCounted;
        var p = isExact ? Counted(ranks, positive) : Approximated(ranks, positive);
        return new TestResult(positive / 2.0, null, p, Math.Min(1, Math.Pow(2, 1 - used.Length)), isExact);
    }

    /// <summary>The median of the means of all pairs of differences, each with itself too: Hodges and Lehmann's estimate of their center.</summary>
    /// <param name="differences">A finite difference a pair.</param>
    /// <returns>The center, or null of no differences.</returns>
    public static double? Center(IReadOnlyList<double> differences) => Sample.Median(PairMeans(differences));

    /// <summary>The centers that the test does not reject.</summary>
    /// <param name="differences">A finite difference a pair, at least one.</param>
    /// <param name="confidence">In (0, 1).</param>
    /// <returns>The interval with its ends, or null where it has none: so few differences reject no center at all.</returns>
    public static Interval? Interval(IReadOnlyList<double> differences, double confidence = 0.95)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(confidence, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(confidence, 1);
        var scale = Rounding.Largest(differences);
        var level = 1 - confidence + 1e-9; // 1 − 0.9 is less than 0.1 in binary
        bool IsRejected(double center) =>
            Of(Rounding.JoinedSizes([.. differences.Select(difference => difference - center)], scale)).PValue <= level;
        double[] borders = [.. Rounding.Joined(PairMeans(differences)).Distinct().Order()];
        // The order of the sizes changes at these means only. Even places are those between two of them, odd ones the means themselves.
        double At(int place) => place % 2 == 1 ? borders[place / 2]
            : place == 0 ? borders[0] - 1 - scale
            : place == 2 * borders.Length ? borders[^1] + 1 + scale
            : (borders[place / 2 - 1] + borders[place / 2]) / 2;
        var middle = borders.Count(border => border < Center(differences)) * 2;
        if (IsRejected(At(middle))) middle++; // a mean of many pairs, beside which nothing is accepted
        var low = FarthestAccepted(place => IsRejected(At(middle - place)), middle);
        var high = FarthestAccepted(place => IsRejected(At(middle + place)), 2 * borders.Length - middle);
        if (low == middle || high == 2 * borders.Length - middle) return null;
        // With the ends: the mean on the outer side of a place between two of them.
        return new Interval(borders[(middle - low - 1) / 2], borders[(middle + high) / 2]);
    }

    // The farther from the middle, the sooner a place is rejected.
    private static int FarthestAccepted(Func<int, bool> isRejected, int farthest)
    {
        var (accepted, rejected) = (0, farthest + 1);
        while (rejected - accepted > 1)
        {
            var place = (accepted + rejected) / 2;
            if (isRejected(place)) rejected = place;
            else accepted = place;
        }
        return accepted;
    }

    private static double[] PairMeans(IReadOnlyList<double> differences) =>
        [.. differences.SelectMany((one, i) => differences.Skip(i).Select(other => (one + other) / 2))];

    // Twice the ranks, which are whole numbers with ties too.
    private static int[] TwiceRanks(double[] sizes) =>
        [.. sizes.Select(size => 2 * sizes.Count(other => other < size) + sizes.Count(other => other == size) + 1)];

    private static double Counted(int[] ranks, int positive)
    {
        // ways[s]: in how many ways signs give the positive differences the sum s.
        var ways = new double[ranks.Sum() + 1];
        ways[0] = 1;
        foreach (var rank in ranks)
            for (var sum = ways.Length - 1; sum >= rank; sum--) ways[sum] += ways[sum - rank];
        var nearEnd = Math.Min(positive, ways.Length - 1 - positive); // the distribution is symmetric
        return Math.Min(1, 2 * ways.Take(nearEnd + 1).Sum() / Math.Pow(2, ranks.Length));
    }

    private static double Approximated(int[] ranks, int positive)
    {
        var distance = Math.Abs(positive / 2.0 - ranks.Sum() / 4.0);
        var deviation = Math.Sqrt(ranks.Sum(rank => (double)rank * rank) / 16); // a quarter of the sum of squared ranks, ties and all
        return Math.Min(1, 2 * Normal.CDF(0, 1, -Math.Max(0, distance - 0.5) / deviation));
    }
}
