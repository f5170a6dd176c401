namespace FixupNet.Reporting.Statistics;

/// <summary>How p-values of a family of comparisons are corrected for their number.</summary>
public enum Correction
{
    /// <summary>Holm: bounds the chance of any false discovery.</summary>
    Holm,

    /// <summary>Benjamini and Hochberg: bounds the expected share of false discoveries.</summary>
    Bh,

    /// <summary>Not at all.</summary>
    None,
}
