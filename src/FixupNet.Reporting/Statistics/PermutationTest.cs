using MathNet.Numerics;
using MathNet.Numerics.Random;

namespace FixupNet.Reporting.Statistics;

/// <summary>Permutation tests of a difference of means: how many of all arrangements give a difference as large as the one seen.</summary>
/// <remarks>Up to 200,000 arrangements all are counted. Above, 99,999 are drawn, and the one seen counts as one more: Phipson and Smyth,
/// Statistical Applications in Genetics and Molecular Biology 9 (2010).</remarks>
public static class PermutationTest
{
    private const double MostCounted = 200_000;
    private const int Draws = 99_999;

    /// <summary>Whether differences of pairs have the mean 0: every sign is as likely as the other.</summary>
    /// <param name="differences">A finite difference a pair.</param>
    /// <param name="seed">Of the draws, where not all arrangements are counted.</param>
    public static TestResult Paired(IReadOnlyList<double> differences, int seed)
    {
        if (differences.Count == 0) return new TestResult(null, null, null);
        double[] sizes = [.. differences.Select(Math.Abs)];
        var limit = AsLargeAs(differences.Sum(), sizes.Max());
        var arrangements = Math.Pow(2, sizes.Length);
        return Result(
            differences.Average(), arrangements, 2 / arrangements,
            () => CountSigns(sizes, 0, 0, limit),
            () => CountDraws(seed, random => sizes.Sum(size => random.Next(2) == 0 ? size : -size), limit));
    }

    /// <summary>Whether two groups have the same mean: every division of the values into groups of these sizes is as likely.</summary>
    /// <param name="values">Finite values.</param>
    /// <param name="baseline">The finite values they are compared with.</param>
    /// <param name="seed">Of the draws, where not all arrangements are counted.</param>
    public static TestResult TwoSamples(IReadOnlyList<double> values, IReadOnlyList<double> baseline, int seed)
    {
        if (values.Count == 0 || baseline.Count == 0) return new TestResult(null, null, null);
        // About their mean, the sum of a group is proportional to the difference of the means, and rounds least.
        var mean = values.Concat(baseline).Average();
        double[] centered = [.. values.Concat(baseline).Select(value => value - mean)];
        var count = values.Count;
        var limit = AsLargeAs(centered.Take(count).Sum(), centered.Max(Math.Abs));
        var arrangements = SpecialFunctions.Binomial(centered.Length, count);
        return Result(
            values.Average() - baseline.Average(), arrangements, (count == baseline.Count ? 2 : 1) / arrangements,
            () => CountChoices(centered, 0, count, 0, limit),
            () => CountDraws(seed, random => SumOfDrawn(centered, count, random), limit));
    }

    private static TestResult Result(double difference, double arrangements, double smallest, Func<int> counted, Func<int> drawn) =>
        arrangements <= MostCounted
            ? new TestResult(difference, null, counted() / arrangements, Math.Min(1, smallest), IsExact: true)
            : new TestResult(difference, null, (drawn() + 1.0) / (Draws + 1), Math.Max(smallest, 1.0 / (Draws + 1)));

    // Sums of the same numbers in another order round differently, and must count as the same.
    private static double AsLargeAs(double sum, double scale) => Math.Abs(sum) - 1e-12 * scale;

    private static int CountSigns(double[] sizes, int index, double sum, double limit)
    {
        if (index == sizes.Length) return Math.Abs(sum) >= limit ? 1 : 0;
        return CountSigns(sizes, index + 1, sum + sizes[index], limit) + CountSigns(sizes, index + 1, sum - sizes[index], limit);
    }

    private static int CountChoices(double[] values, int index, int left, double sum, double limit)
    {
        if (left == 0) return Math.Abs(sum) >= limit ? 1 : 0;
        if (values.Length - index < left) return 0;
        return CountChoices(values, index + 1, left - 1, sum + values[index], limit) + CountChoices(values, index + 1, left, sum, limit);
    }

    private static int CountDraws(int seed, Func<MersenneTwister, double> draw, double limit)
    {
        var random = new MersenneTwister(seed, threadSafe: false);
        var count = 0;
        for (var i = 0; i < Draws; i++)
            if (Math.Abs(draw(random)) >= limit) count++;
        return count;
    }

    // The beginning of a Fisher-Yates shuffle; what order the values are left in does not matter to the next draw.
    private static double SumOfDrawn(double[] values, int count, MersenneTwister random)
    {
        double sum = 0;
        for (var i = 0; i < count; i++)
        {
            var chosen = random.Next(i, values.Length);
            (values[i], values[chosen]) = (values[chosen], values[i]);
            sum += values[i];
        }
        return sum;
    }
}
