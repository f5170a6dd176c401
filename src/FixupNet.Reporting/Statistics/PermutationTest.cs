using MathNet.Numerics;
using MathNet.Numerics.Random;

namespace FixupNet.Reporting.Statistics;

/// <summary>Permutation tests of a difference of means: how many of all arrangements give a difference as large as the one seen; and the
/// interval of all differences that such a test does not reject.</summary>
/// <remarks>Up to 200,000 arrangements all are counted. Above, 99,999 are drawn, and the one seen counts as one more: Phipson and Smyth,
/// Statistical Applications in Genetics and Molecular Biology 9 (2010). To test a difference δ, δ is taken off first; an arrangement
/// counts as soon as δ is near enough to the difference seen, so that test and interval are read from the same sorted borders.</remarks>
public sealed class PermutationTest
{
    private const double MostCounted = 200_000;
    private const int Draws = 99_999;

    private readonly double[] _lowBorders; // of an arrangement: it counts for a δ below the difference seen from here on
    private readonly double[] _highBorders; // it counts for a δ above the difference seen up to here

    private PermutationTest(double difference, double scale, double smallest, IReadOnlyList<(double Low, double High)> borders, bool isExact)
    {
        _lowBorders = [.. borders.Select(border => border.Low).Order()];
        _highBorders = [.. borders.Select(border => border.High).OrderDescending()];
        // Sums of the same numbers in another order round differently, and must count as the same.
        var rounding = Rounding.Tolerance * scale;
        var count = difference > rounding ? _lowBorders.Count(border => border <= rounding)
            : difference < -rounding ? _highBorders.Count(border => border >= -rounding)
            : borders.Count;
        Result = new TestResult(difference, null, (double)count / borders.Count, Math.Min(1, smallest), isExact);
    }

    /// <summary>What the test says about a difference of 0.</summary>
    public TestResult Result { get; }

    /// <summary>Whether differences of pairs have the mean 0: every sign is as likely as the other.</summary>
    /// <param name="differences">A finite difference a pair, at least one.</param>
    /// <param name="seed">Of the draws, where not all arrangements are counted.</param>
    public static PermutationTest Paired(IReadOnlyList<double> differences, int seed)
    {
        ArgumentOutOfRangeException.ThrowIfZero(differences.Count);
        var arrangements = Math.Pow(2, differences.Count);
        var isExact = arrangements <= MostCounted;
        var total = differences.Sum();
        // With the signs of some differences turned, the sum is as large again where their mean, or that of the others, is beyond δ.
        (double, double) Borders((double Sum, int Count) turned)
        {
            if (turned.Count == 0 || turned.Count == differences.Count) return (double.NegativeInfinity, double.PositiveInfinity);
            return Ordered(turned.Sum / turned.Count, (total - turned.Sum) / (differences.Count - turned.Count));
        }
        var chosen = isExact
            ? Enumerable.Range(0, (int)arrangements).Select(choice => SumOf(differences, i => (choice >> i & 1) == 1))
            : Drawn(seed, random => SumOf(differences, _ => random.Next(2) == 0)).Prepend((0, 0));
        return new PermutationTest(
            differences.Average(), Rounding.Largest(differences), Smallest(isExact, 2 / arrangements), [.. chosen.Select(Borders)], isExact);
    }

    /// <summary>Whether two groups have the same mean: every division of the values into groups of these sizes is as likely.</summary>
    /// <param name="values">Finite values, at least one.</param>
    /// <param name="baseline">The finite values they are compared with, at least one.</param>
    /// <param name="seed">Of the draws, where not all arrangements are counted.</param>
    public static PermutationTest TwoSamples(IReadOnlyList<double> values, IReadOnlyList<double> baseline, int seed)
    {
        ArgumentOutOfRangeException.ThrowIfZero(values.Count);
        ArgumentOutOfRangeException.ThrowIfZero(baseline.Count);
        // About their mean, sums round least.
        var mean = values.Concat(baseline).Average();
        double[] centered = [.. values.Concat(baseline).Select(value => value - mean)];
        var (count, sum) = (values.Count, centered.Take(values.Count).Sum());
        var (difference, weight) = (values.Average() - baseline.Average(), 1.0 / values.Count + 1.0 / baseline.Count);
        // With some values exchanged, the means differ as much again where δ is beyond the mean of what the exchange moves; or as much in
        // the other direction.
        (double, double) Borders((double Sum, int Exchanged) first)
        {
            if (first.Exchanged == 0 || first.Exchanged == count && count == baseline.Count) return (double.NegativeInfinity, double.PositiveInfinity);
            var moved = sum - first.Sum;
            return Ordered(moved / first.Exchanged, (2 * difference - weight * moved) / (2 - weight * first.Exchanged));
        }
        var arrangements = SpecialFunctions.Binomial(centered.Length, count);
        var isExact = arrangements <= MostCounted;
        var chosen = isExact ? Choices(centered, count) : DrawnChoices(centered, count, seed).Prepend((sum, 0));
        return new PermutationTest(
            difference, Rounding.Largest(centered), Smallest(isExact, (count == baseline.Count ? 2 : 1) / arrangements), [.. chosen.Select(Borders)], isExact);
    }

    /// <summary>All differences that the test does not reject.</summary>
    /// <param name="confidence">In (0, 1).</param>
    /// <returns>The interval, or null where it has no ends: so few values reject no difference at all.</returns>
    public Interval? Interval(double confidence = 0.95)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(confidence, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(confidence, 1);
        var rejected = (int)Math.Floor((1 - confidence) * _lowBorders.Length + 1e-6); // 1 − 0.95 is no 0.05 in binary
        return double.IsFinite(_lowBorders[rejected]) && double.IsFinite(_highBorders[rejected])
            ? new Interval(_lowBorders[rejected], _highBorders[rejected])
            : null;
    }

    private static double Smallest(bool isExact, double smallest) => isExact ? smallest : Math.Max(smallest, 1.0 / (Draws + 1));

    private static (double, double) Ordered(double one, double other) => (Math.Min(one, other), Math.Max(one, other));

    private static (double Sum, int Count) SumOf(IReadOnlyList<double> values, Func<int, bool> isChosen)
    {
        var (sum, count) = (0.0, 0);
        for (var i = 0; i < values.Count; i++)
            if (isChosen(i)) (sum, count) = (sum + values[i], count + 1);
        return (sum, count);
    }

    private static IEnumerable<(double Sum, int Count)> Drawn(int seed, Func<MersenneTwister, (double, int)> draw)
    {
        var random = new MersenneTwister(seed, threadSafe: false);
        for (var i = 0; i < Draws; i++) yield return draw(random);
    }

    // Every first group of this size: its sum, and how many of its values come from beyond the first `count`.
    private static List<(double Sum, int Exchanged)> Choices(double[] values, int count)
    {
        var choices = new List<(double, int)>();
        void Choose(int index, int left, double sum, int exchanged)
        {
            if (left == 0) choices.Add((sum, exchanged));
            if (left == 0 || values.Length - index < left) return;
            Choose(index + 1, left - 1, sum + values[index], exchanged + (index < count ? 0 : 1));
            Choose(index + 1, left, sum, exchanged);
        }
        Choose(0, count, 0, 0);
        return choices;
    }

    // The beginning of a Fisher-Yates shuffle; what order it leaves does not matter to the next draw.
    private static IEnumerable<(double Sum, int Exchanged)> DrawnChoices(double[] values, int count, int seed)
    {
        int[] order = [.. Enumerable.Range(0, values.Length)];
        return Drawn(seed, random =>
        {
            var (sum, exchanged) = (0.0, 0);
            for (var i = 0; i < count; i++)
            {
                var chosen = random.Next(i, values.Length);
                (order[i], order[chosen]) = (order[chosen], order[i]);
                (sum, exchanged) = (sum + values[order[i]], exchanged + (order[i] < count ? 0 : 1));
            }
            return (sum, exchanged);
        });
    }
}
