using FixupNet.Randomness;

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

    /// <summary>A seed from a run's stream, as plans of seeds take it.</summary>
    internal static long SeedOf(this SeedPlan seeds, string stream, long index) => (long)(seeds.Stream(stream, 0, index) >> 11);
}
