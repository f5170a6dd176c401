using FixupNet.Reporting.Statistics;

namespace FixupNet.Reporting.Comparisons;

/// <summary>How comparisons were tested and what their columns mean, in plain words.</summary>
public static class ComparisonExplanation
{
    /// <summary>The lines below the tables.</summary>
    /// <param name="report">The comparisons.</param>
    public static IEnumerable<string> Of(ComparisonReport report)
    {
        var correction = report.Correction switch
        {
            _ when report.FamilySize < 2 => "nothing to correct for",
            Correction.Holm => "p corrected by Holm",
            Correction.Bh => "p corrected by Benjamini and Hochberg",
            _ => "p not corrected",
        };
        yield return $"{report.FamilySize} comparison{(report.FamilySize == 1 ? "" : "s")} tested, two-sided; {correction}; an interval holds the differences "
            + "that its test does not reject, uncorrected";
        var outcomes = report.Rows.Select(row => row.Outcome).ToList();
        if (outcomes.Any(outcome => outcome.PairCount is not null)) yield return "paired by seed: n, means and deviations are of the pairs";
        if (outcomes.Any(outcome => outcome.Test == "wilcoxon")) yield return "wilcoxon: difference and interval are Hodges and Lehmann's, of the center of the pairs' differences";
        if (outcomes.Any(outcome => outcome.HedgesG?.Name == "g")) yield return "g: the difference in pooled standard deviations of the two sides";
        if (outcomes.Any(outcome => outcome.HedgesG?.Name == "g_z"))
            yield return "g_z: the difference in standard deviations of the pairs' differences; not to be set beside a g of unpaired groups";
        if (report.Margin is not null)
            yield return "equal: both one-sided t tests (TOST) say that the difference lies within the margin, at 5 % after the same correction, a family of their "
                + "own; the margin must have been chosen before";
    }
}
