using MathNet.Numerics.Distributions;

namespace FixupNet.Reporting.Statistics;

/// <summary>Wilcoxon's signed-rank test: whether differences are symmetric about 0.</summary>
/// <remarks>Differences of 0 are left out, equal ones share the mean of their ranks. Up to 50 differences the distribution is counted, with
/// ties as they are; above, it is approximated by the normal one, with corrections for ties and continuity. Wilcoxon, Biometrics 1
/// (1945).</remarks>
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
