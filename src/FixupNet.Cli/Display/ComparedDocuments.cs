using FixupNet.Reporting.Comparisons;
using FixupNet.Runs;

namespace FixupNet.Cli.Display;

/// <summary>What differs between the documents of two sides beside the key that is compared.</summary>
internal static class ComparedDocuments
{
    private const int ShownCharacters = 60;

    /// <summary>Writes a line a difference, with where it holds unless that is everywhere.</summary>
    /// <param name="output">Where to write.</param>
    /// <param name="letter">Letter of the side beside A.</param>
    /// <param name="rows">Its comparisons.</param>
    /// <param name="placeOf">Values of the keys of a comparison.</param>
    public static void Write(TextWriter output, string letter, IReadOnlyList<ComparisonRow> rows, Func<ComparisonRow, IEnumerable<string>> placeOf)
    {
        var differences = rows.SelectMany(row => row.Differences.Select(difference => (Difference: difference, Row: row))).GroupBy(pair => pair.Difference);
        foreach (var difference in differences)
        {
            var where = difference.Count() == rows.Count ? ""
                : $" (at {string.Join("; ", difference.Select(pair => string.Join(", ", placeOf(pair.Row))))})";
            output.WriteLine(PrintableText.Of(
                $"   also differs from A in {difference.Key.Key}: {Shown(difference.Key.Other)}, in A {Shown(difference.Key.Baseline)}{where}"));
        }
        if (rows.All(row => row.Differences.Count == 0)) output.WriteLine($"   nothing else differs between A and {letter}");
    }

    private static string Shown(string? value) => value is null ? "none" : PrintableText.Shortened(value, ShownCharacters);
}
