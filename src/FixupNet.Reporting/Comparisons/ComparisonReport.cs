using System.Text.Json.Serialization;
using FixupNet.Reporting.Statistics;

namespace FixupNet.Reporting.Comparisons;

/// <summary>Groups of trials compared with a baseline; all comparisons together are the family that is corrected for.</summary>
/// <param name="Metric">What was compared.</param>
/// <param name="Baseline">The baseline, as the user named it.</param>
/// <param name="Keys">Keys of the grid by which groups were put together.</param>
/// <param name="Confidence">Of every interval of a difference; none is corrected for the number of comparisons.</param>
/// <param name="Margin">Margin of the equivalences tested, in the metric's unit; null where none were.</param>
/// <param name="Correction">How p-values were corrected.</param>
/// <param name="FamilySize">Comparisons that gave a p-value. Equivalences are a family of their own, of the same size.</param>
/// <param name="Rows">The comparisons.</param>
/// <param name="Warnings">What a reader must know about all of them.</param>
/// <param name="IsShare">Whether the metric is a fraction, which people read in percent.</param>
public sealed record ComparisonReport(
    string Metric,
    string Baseline,
    IReadOnlyList<string> Keys,
    double Confidence,
    double? Margin,
    Correction Correction,
    int FamilySize,
    IReadOnlyList<ComparisonRow> Rows,
    IReadOnlyList<string> Warnings,
    [property: JsonIgnore] bool IsShare = false);
