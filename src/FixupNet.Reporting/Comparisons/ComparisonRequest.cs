using FixupNet.Reporting.Statistics;

namespace FixupNet.Reporting.Comparisons;

/// <summary>A comparison as the user asks for it.</summary>
/// <param name="Baseline">What the others are compared with.</param>
/// <param name="Others">The others, at least one.</param>
/// <param name="Metric">What is compared.</param>
/// <param name="Test">How.</param>
/// <param name="Correction">How p-values are corrected for the number of comparisons.</param>
/// <param name="By">Keys of the grid by whose values groups belong together; null for all that vary on a side.</param>
/// <param name="Margin">Also test whether differences lie within ±margin, in the metric's unit, above 0; null for not.</param>
public sealed record ComparisonRequest(
    ComparisonSelection Baseline,
    IReadOnlyList<ComparisonSelection> Others,
    ComparisonMetric Metric,
    ComparisonTest Test = ComparisonTest.Auto,
    Correction Correction = Correction.Holm,
    IReadOnlyList<string>? By = null,
    double? Margin = null);
