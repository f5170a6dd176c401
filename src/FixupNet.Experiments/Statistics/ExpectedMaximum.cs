using FixupNet.Randomness;

namespace FixupNet.Experiments.Statistics;

/// <summary>What the best of N of some scores is expected to be.</summary>
public static class ExpectedMaximum
{
    /// <summary>The mean over all ways to choose N of the scores, each once, of the greatest of them.</summary>
    /// <param name="scores">B scores, the greater the better.</param>
    /// <param name="count">N, in 1 … B.</param>
    /// <remarks>Σ_b C(b−1, N−1)/C(B, N)·v_(b), v_(1) ≤ … ≤ v_(B): without bias for the best of N fresh scores, as drawing with replacement is not.</remarks>
    public static double Of(IReadOnlyCollection<double> scores, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, scores.Count);
        var sorted = scores.Order().ToArray();
        // C(B−1, N−1)/C(B, N) = N/B; from the b-th greatest to the next the weight is multiplied by (b − N)/(b − 1).
        var (sum, weight) = (0.0, count / (double)sorted.Length);
        for (var b = sorted.Length; b >= count; b--)
        {
            sum += weight * sorted[b - 1];
            if (b > 1) weight *= (b - count) / (b - 1.0);
        }
        return sum;
    }

    /// <summary>An interval of a function of scores, by drawing as many of them with replacement again and again.</summary>
    /// <param name="groups">Scores, drawn group by group.</param>
    /// <param name="statistic">The function of the groups.</param>
    /// <param name="confidence">How often such an interval holds the true value, in (0, 1).</param>
    /// <param name="draws">How many, and the seed of the first.</param>
    /// <returns>Its ends: percentiles of the draws.</returns>
    public static (double Lower, double Upper) Interval(
        IReadOnlyList<IReadOnlyList<double>> groups, Func<IReadOnlyList<IReadOnlyList<double>>, double> statistic, double confidence, (int Count, ulong Seed) draws)
    {
        var random = new CounterRandom(draws.Seed);
        var values = new double[draws.Count];
        for (var draw = 0; draw < values.Length; draw++)
        {
            var drawn = new List<IReadOnlyList<double>>();
            foreach (var group in groups)
            {
                var again = new double[group.Count];
                for (var i = 0; i < again.Length; i++) again[i] = group[random.NextInt(group.Count)];
                drawn.Add(again);
            }
            values[draw] = statistic(drawn);
        }
        Array.Sort(values);
        return (At((1 - confidence) / 2), At((1 + confidence) / 2));

        double At(double share) => values[(int)Math.Clamp(Math.Round(share * (values.Length - 1)), 0, values.Length - 1)];
    }
}
