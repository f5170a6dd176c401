using FixupNet.Reporting.Statistics;

namespace FixupNet.Reporting.Comparisons;

/// <summary>Compares the values of two groups by one test, with the interval that goes with it.</summary>
internal static class GroupTest
{
    /// <summary>Confidence of every interval.</summary>
    public const double Confidence = 0.95;

    // A report that is made again says the same.
    private const int Seed = 1;

    /// <summary>Compares a group with a baseline.</summary>
    public static ComparisonOutcome Run(ComparisonTest test, ComparedGroup other, ComparedGroup baseline)
    {
        var isPaired = test switch
        {
            ComparisonTest.Welch => false,
            ComparisonTest.PairedT or ComparisonTest.Wilcoxon => true,
            _ => other.HasSeedsOf(baseline),
        };
        return isPaired ? Paired(test, Differences(other, baseline)) : Unpaired(test, other.Numbers, baseline.Numbers);
    }

    private static double[] Differences(ComparedGroup other, ComparedGroup baseline) =>
        [.. other.Values.Join(baseline.Values, pair => pair.Seed, pair => pair.Seed, (one, reference) => one.Value - reference.Value)];

    private static ComparisonOutcome Paired(ComparisonTest test, double[] differences)
    {
        var (name, result) = test switch
        {
            ComparisonTest.Wilcoxon => ("wilcoxon", WilcoxonTest.Of(differences)),
            ComparisonTest.Permutation => ("paired-permutation", PermutationTest.Paired(differences, Seed)),
            _ => ("paired-t", TTests.Paired(differences)),
        };
        var (interval, kind) = name == "paired-t"
            ? (TTests.MeanInterval(differences, Confidence), "student")
            : (Bootstrap.MeanInterval(differences, Seed, Confidence), "bootstrap");
        return new ComparisonOutcome(
            name, differences.Length, Sample.Mean(differences), interval, kind, EffectSize.Paired(differences, Confidence),
            differences.Length == 0 ? new TestResult(null, null, null) : result);
    }

    private static ComparisonOutcome Unpaired(ComparisonTest test, double[] other, double[] baseline)
    {
        var isPermutation = test == ComparisonTest.Permutation;
        var (name, kind) = isPermutation ? ("permutation", "bootstrap") : ("welch", "student");
        var result = isPermutation ? PermutationTest.TwoSamples(other, baseline, Seed) : TTests.Welch(other, baseline);
        var interval = isPermutation
            ? Bootstrap.DifferenceInterval(other, baseline, Seed, Confidence)
            : TTests.WelchInterval(other, baseline, Confidence);
        return new ComparisonOutcome(
            name, null, Sample.Mean(other) - Sample.Mean(baseline), interval, kind,
            EffectSize.TwoSamples(other, baseline, Confidence), result);
    }
}
