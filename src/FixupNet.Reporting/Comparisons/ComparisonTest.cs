namespace FixupNet.Reporting.Comparisons;

/// <summary>Which test compares two groups.</summary>
public enum ComparisonTest
{
    /// <summary>The paired t test where both groups were planned with the same seeds, else Welch's.</summary>
    Auto,

    /// <summary>Welch's t test.</summary>
    Welch,

    /// <summary>The t test of the differences seed by seed.</summary>
    PairedT,

    /// <summary>Wilcoxon's signed-rank test of the differences seed by seed.</summary>
    Wilcoxon,

    /// <summary>The permutation test: of the differences where the seeds are the same, else of the groups.</summary>
    Permutation,
}
