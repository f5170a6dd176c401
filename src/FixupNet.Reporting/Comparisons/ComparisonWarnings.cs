using System.Globalization;
using FixupNet.Reporting.Statistics;
using FixupNet.Runs.Records;

namespace FixupNet.Reporting.Comparisons;

/// <summary>What a reader must know about comparisons, in plain words.</summary>
internal static class ComparisonWarnings
{
    // The level at which readers take a difference for one.
    private const double Level = 0.05;

    // Below this, nobody can see whether values are normally distributed.
    private const int FewValues = 10;

    /// <summary>Of all comparisons together.</summary>
    public static IEnumerable<string> OfAll(ComparisonRequest request, IReadOnlyList<ComparisonRow> rows)
    {
        if (request.Metric.Caution is { } caution) yield return caution;
        var few = rows.Where(row => row.Outcome.Result.PValue is not null && CountOf(row) < FewValues).ToList();
        if (few.Any(row => row.Outcome.Test is "welch" or "paired-t"))
            yield return $"With fewer than {FewValues} values, p and interval of a t test rest on normal distributions that nobody can check.";
        if (rows.Count(row => row.Outcome.Result.PValue is not null) > 1 && request.Correction == Correction.None)
            yield return "The p-values are not corrected for the number of comparisons.";
    }

    /// <summary>Of one comparison.</summary>
    public static IEnumerable<string> Of(
        (string Text, ComparedGroup Group) baseline, (string Text, ComparedGroup Group) other, ComparisonOutcome outcome)
    {
        foreach (var (text, group) in new[] { baseline, other })
            if (group.LeftOut.Count > 0) yield return LeftOut(text, group);
        if (outcome.PairCount is not null && Unpaired(baseline.Group, other.Group) is { Count: > 0 } seeds)
            yield return $"left out for want of a partner: seed {string.Join(", ", seeds)}";
        if (outcome.Result.PValue is null)
            yield return (outcome.PairCount ?? Math.Min(baseline.Group.Values.Count, other.Group.Values.Count)) < 2
                ? "no p-value: it takes at least two values a side"
                : $"no p-value: the values do not vary{(outcome.PairCount is null ? "" : " from pair to pair")}";
    }

    /// <summary>That no data of this many values can be significant; null where some can.</summary>
    /// <param name="outcome">The comparison.</param>
    /// <param name="smallest">The smallest corrected p it can give.</param>
    /// <param name="familySize">Comparisons corrected for.</param>
    public static string? TooFew(ComparisonOutcome outcome, double smallest, int familySize)
    {
        if (outcome.Result.PValue is null || smallest <= Level) return null;
        var corrected = familySize > 1 && smallest > outcome.Result.SmallestPValue
            ? string.Create(CultureInfo.InvariantCulture, $", {smallest:G3} after the correction for {familySize} comparisons") : "";
        var size = outcome.PairCount is { } pairs ? $"these {pairs} pairs" : "so few values";
        return string.Create(CultureInfo.InvariantCulture,
            $"can never be significant: the smallest p of {outcome.Test} with {size} is {outcome.Result.SmallestPValue:G3}{corrected}")
            + (outcome.Interval is null ? "; no difference can be rejected, so there is no interval" : "");
    }

    private static int CountOf(ComparisonRow row) => row.Outcome.PairCount ?? Math.Min(row.BaselineSide.Count, row.OtherSide.Count);

    private static string LeftOut(string text, ComparedGroup group)
    {
        var names = string.Join("; ", group.LeftOut.Select(trial => $"{trial.Name} ({trial.Reason})"));
        var flattered = group.Values.Count > 0 && group.LeftOut.Any(trial => trial.State is TrialState.Diverged or TrialState.Failed)
            ? "; its mean is of the others only, which flatters it" : "";
        return $"{text}: {group.LeftOut.Count} of {group.PlannedSeeds.Count} trials do not count: {names}{flattered}";
    }

    private static List<long> Unpaired(ComparedGroup baseline, ComparedGroup other)
    {
        var (ones, others) = (baseline.Values.Select(pair => pair.Seed).ToHashSet(), other.Values.Select(pair => pair.Seed).ToHashSet());
        ones.SymmetricExceptWith(others);
        return [.. ones.Order()];
    }
}
