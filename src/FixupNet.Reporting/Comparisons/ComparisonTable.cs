namespace FixupNet.Reporting.Comparisons;

/// <summary>Comparisons as a table for people: a row each.</summary>
/// <param name="Columns">The columns, from left to right.</param>
/// <param name="Rows">The rows, a text a column.</param>
public sealed record ComparisonTable(IReadOnlyList<ComparisonTableColumn> Columns, IReadOnlyList<IReadOnlyList<string>> Rows)
{
    private static readonly (double Scale, string Format) EffectUnit = (1, "F2");

    /// <summary>Makes the table.</summary>
    /// <param name="report">The comparisons.</param>
    /// <param name="nameOf">Short name of what was compared with the baseline, of the name the user gave it.</param>
    public static ComparisonTable Of(ComparisonReport report, Func<string, string> nameOf)
    {
        List<string> effects = [.. report.Rows.Select(row => row.Outcome.HedgesG?.Name).OfType<string>().Distinct().Order(StringComparer.Ordinal)];
        string[] numbers = ["n A", "A", "n", "mean", "difference", ComparisonText.Interval(report.Confidence), $"Hedges' {string.Join(", ", effects.DefaultIfEmpty("g"))}"];
        return new ComparisonTable(
            [
                new("", false), .. report.Keys.Select(key => new ComparisonTableColumn(key, ComparisonText.IsNumber(report, key))), .. numbers.Select(header => new ComparisonTableColumn(header, true)), new("test", false), new("p", true),
                new(ComparisonText.Corrected(report.Correction), true),
            ],
            [.. report.Rows.Select(row => Row(report, row, nameOf(row.Compared), isEffectNamed: effects.Count > 1))]);
    }

    private static IReadOnlyList<string> Row(ComparisonReport report, ComparisonRow row, string name, bool isEffectNamed)
    {
        var (unit, outcome) = (ComparisonText.Unit(report), row.Outcome);
        return
        [
            name, .. report.Keys.Select(key => ComparisonText.Value(row, key)),
            $"{row.BaselineSide.Count}", ComparisonText.Mean(row.BaselineSide, unit),
            $"{row.OtherSide.Count}", ComparisonText.Mean(row.OtherSide, unit),
            ComparisonText.Signed(outcome.Difference, unit), ComparisonText.Range(outcome.Interval, unit),
            Effect(outcome, isEffectNamed), outcome.Test, ComparisonText.PValue(outcome.Result.PValue), ComparisonText.PValue(row.CorrectedPValue),
        ];
    }

    private static string Effect(ComparisonOutcome outcome, bool isNamed) => outcome.HedgesG is not { } effect ? ""
        : $"{(isNamed ? effect.Name + " " : "")}{ComparisonText.Signed(effect.Value, EffectUnit)} {ComparisonText.Range(effect.Interval, EffectUnit)}";
}

/// <summary>A column of a table of comparisons.</summary>
/// <param name="Header">Its heading; may be empty.</param>
/// <param name="IsNumber">Whether it aligns to the right.</param>
public sealed record ComparisonTableColumn(string Header, bool IsNumber);
