using System.Text.Json;

namespace FixupNet.Reporting.Comparisons;

/// <summary>One comparison.</summary>
/// <param name="Compared">What was compared with the baseline, as the user named it.</param>
/// <param name="Parameters">Values of the keys.</param>
/// <param name="BaselineSide">The baseline; of the pairs only, where trials are paired.</param>
/// <param name="OtherSide">What was compared with it; of the pairs only, where trials are paired.</param>
/// <param name="Outcome">The difference.</param>
/// <param name="CorrectedPValue">The p-value, corrected for the size of the family.</param>
/// <param name="SmallestCorrectedPValue">No data of these sizes can give a corrected p below this.</param>
/// <param name="Differences">In what the two sides differ beside what is compared.</param>
/// <param name="Warnings">What a reader must know about this comparison.</param>
public sealed record ComparisonRow(
    string Compared,
    IReadOnlyDictionary<string, JsonElement> Parameters,
    ComparisonSide BaselineSide,
    ComparisonSide OtherSide,
    ComparisonOutcome Outcome,
    double? CorrectedPValue,
    double SmallestCorrectedPValue,
    IReadOnlyList<DocumentDifference> Differences,
    IReadOnlyList<string> Warnings);
