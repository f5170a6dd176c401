using FixupNet.Reporting.Statistics;

namespace FixupNet.Reporting.Comparisons;

/// <summary>Compares the values of two groups by one test, with the interval of all differences which that test does not reject.</summary>
internal static class GroupTest
{
    /// <summary>Confidence of the interval of a difference.</summary>
    public const double Confidence = 0.95;

    /// <summary>Confidence of the interval of an equivalence, whose two tests have the same level.</summary>
    public const double EquivalenceConfidence = 0.90;

    // A report that is made again says the same.
    private const int Seed = 1;

    /// <summary>Whether a test compares seed by seed.</summary>
    public static bool IsPaired(ComparisonTest test, ComparedGroup other, ComparedGroup baseline) => test switch
    {
        ComparisonTest.Welch => false,
        ComparisonTest.PairedT or ComparisonTest.Wilcoxon => true,
        _ => other.HasSeedsOf(baseline),
    };

    /// <summary>Compares pairs of values, seed by seed.</summary>
    /// <param name="test">How.</param>
    /// <param name="other">A group's values.</param>
    /// <param name="baseline">The baseline's values, in the order of the same seeds.</param>
    /// <param name="margin">Margin of an equivalence that is tested too, or null.</param>
    public static ComparisonOutcome Paired(ComparisonTest test, double[] other, double[] baseline, double? margin)
    {
        var differences = Rounding.JoinedSizes(
            [.. other.Zip(baseline, (one, reference) => one - reference)], Rounding.Largest(other.Concat(baseline)));
        var name = test switch { ComparisonTest.Wilcoxon => "wilcoxon", ComparisonTest.Permutation => "paired-permutation", _ => "paired-t" };
        var outcome = new ComparisonOutcome(
            name, differences.Length, test == ComparisonTest.Wilcoxon ? WilcoxonTest.Center(differences) : Sample.Mean(differences), null,
            EffectSize.Paired(differences, Confidence), new TestResult(null, null, null), Equivalent("tost-paired", margin));
        if (!Sample.Varies(differences)) return outcome;
        if (test is ComparisonTest.Wilcoxon)
            return outcome with { Result = WilcoxonTest.Of(differences), Interval = WilcoxonTest.Interval(differences, Confidence) };
        if (test is ComparisonTest.Permutation) return With(outcome, PermutationTest.Paired(differences, Seed));
        return outcome with
        {
            Result = TTests.Paired(differences),
            Interval = TTests.MeanInterval(differences, Confidence),
            Equivalence = margin is not { } within ? null : outcome.Equivalence! with
            {
                Interval = TTests.MeanInterval(differences, EquivalenceConfidence), Result = TTests.PairedEquivalence(differences, within),
            },
        };
    }

    /// <summary>Compares two groups as wholes.</summary>
    /// <param name="test">How.</param>
    /// <param name="other">A group's values.</param>
    /// <param name="baseline">The baseline's values.</param>
    /// <param name="margin">Margin of an equivalence that is tested too, or null.</param>
    public static ComparisonOutcome Unpaired(ComparisonTest test, double[] other, double[] baseline, double? margin)
    {
        var outcome = new ComparisonOutcome(
            test == ComparisonTest.Permutation ? "permutation" : "welch", null, Sample.Mean(other) - Sample.Mean(baseline), null,
            EffectSize.TwoSamples(other, baseline, Confidence), new TestResult(null, null, null), Equivalent("tost-welch", margin));
        if (other.Length < 2 || baseline.Length < 2 || !(Sample.Varies(other) || Sample.Varies(baseline))) return outcome;
        if (test is ComparisonTest.Permutation) return With(outcome, PermutationTest.TwoSamples(other, baseline, Seed));
        return outcome with
        {
            Result = TTests.Welch(other, baseline),
            Interval = TTests.WelchInterval(other, baseline, Confidence),
            Equivalence = margin is not { } within ? null : outcome.Equivalence! with
            {
                Interval = TTests.WelchInterval(other, baseline, EquivalenceConfidence), Result = TTests.WelchEquivalence(other, baseline, within),
            },
        };
    }

    private static Equivalence? Equivalent(string test, double? margin) =>
        margin is null ? null : new Equivalence(test, EquivalenceConfidence, null, null, null);

    private static ComparisonOutcome With(ComparisonOutcome outcome, PermutationTest test) =>
        outcome with { Result = test.Result, Interval = test.Interval(Confidence) };
}
