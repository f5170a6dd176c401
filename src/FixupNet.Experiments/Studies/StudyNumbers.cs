using FixupNet.Analysis;
using FixupNet.Randomness;
using FixupNet.Runs.Records;

namespace FixupNet.Experiments.Studies;

/// <summary>What several studies compute of their numbers.</summary>
internal static class StudyNumbers
{
    /// <summary>Standard error of a mean; null of fewer than two values, of which it is not known.</summary>
    internal static double? StandardError(IReadOnlyCollection<double> values)
    {
        if (values.Count < 2) return null;
        var mean = values.Average();
        return Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1) / values.Count);
    }

    /// <summary>A share with the ends of its 95 % interval, Clopper and Pearson's.</summary>
    /// <param name="share">The share.</param>
    /// <param name="successes">What it counts.</param>
    /// <param name="trials">Of how many.</param>
    internal static IEnumerable<StudyValue> WithInterval(this StudyValue share, long successes, long trials)
    {
        var (low, high) = BinomialInterval.ClopperPearson(successes, trials);
        return [share, new($"{share.Name}, least of the 95 % interval", low, share.Unit), new($"{share.Name}, most of the 95 % interval", high, share.Unit)];
    }

    /// <summary>A seed from a run's stream, as plans of seeds take it.</summary>
    internal static long SeedOf(this SeedPlan seeds, string stream, long index) => (long)(seeds.Stream(stream, 0, index) >> 11);
}
