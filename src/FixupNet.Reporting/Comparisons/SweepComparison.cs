using FixupNet.Reporting.Results;
using FixupNet.Reporting.Statistics;

namespace FixupNet.Reporting.Comparisons;

/// <summary>Compares groups of trials with a baseline, group by group over the values of the grid.</summary>
public static class SweepComparison
{
    private sealed record Cell(
        SelectedGroups Baseline, SelectedGroups Other, SweepGroup BaselineGroup, SweepGroup OtherGroup);

    /// <summary>Reads the results and compares them, also while a sweep runs.</summary>
    /// <param name="request">What to compare.</param>
    /// <exception cref="ComparisonException">The comparison does not exist in the results.</exception>
    /// <exception cref="FileNotFoundException">A folder holds no plan.</exception>
    /// <exception cref="InvalidDataException">A plan or a result is damaged.</exception>
    public static ComparisonReport Run(ComparisonRequest request)
    {
        if (request.Margin is not null && request.Test is ComparisonTest.Wilcoxon or ComparisonTest.Permutation)
            throw new ComparisonException("An equivalence is tested by t tests: with a margin, the test must be auto, welch or paired-t.");
        return Run(request, SelectedGroups.Read(request.Baseline), [.. request.Others.Select(SelectedGroups.Read)]);
    }

    /// <summary>Compares groups that are read already.</summary>
    /// <exception cref="ComparisonException">The comparison does not exist in the results.</exception>
    internal static ComparisonReport Run(ComparisonRequest request, SelectedGroups baseline, IReadOnlyList<SelectedGroups> others)
    {
        var keys = KeysOf(request, [baseline, .. others]);
        var warnings = new List<string>();
        List<Cell> cells = [.. others.SelectMany(other => Cells(baseline, other, keys, warnings))];
        if (cells.Count == 0)
            throw new ComparisonException($"{baseline.Text} and {string.Join(", ", others.Select(other => other.Text))} have no "
                + $"{(keys.Count > 0 ? $"values of {string.Join(", ", keys)}" : "groups")} in common: there is nothing to compare.");
        List<ComparisonRow> rows = [.. Correct(request, [.. cells.Select(cell => Row(cell, request, keys))])];
        return new ComparisonReport(
            request.Metric.Name, baseline.Text, keys, GroupTest.Confidence, request.Margin, request.Correction,
            rows.Count(row => row.Outcome.Result.PValue is not null), rows, [.. warnings, .. ComparisonWarnings.OfAll(request, rows)], request.Metric.IsShare);
    }

    private static IReadOnlyList<string> KeysOf(ComparisonRequest request, IReadOnlyList<SelectedGroups> sides)
    {
        if (request.By is not { } given) return [.. sides.SelectMany(side => side.VaryingKeys()).Distinct()];
        List<string> known = [.. sides.SelectMany(side => side.Keys()).Distinct()];
        return given.FirstOrDefault(key => !known.Contains(key)) is { } unknown
            ? throw new ComparisonException("--by: the key", unknown, known)
            : given;
    }

    private static IEnumerable<Cell> Cells(SelectedGroups baseline, SelectedGroups other, IReadOnlyList<string> keys, List<string> warnings)
    {
        var (ones, others) = (baseline.By(keys), other.By(keys));
        warnings.AddRange(Missing(baseline, ones.Keys.Except(others.Keys)).Concat(Missing(other, others.Keys.Except(ones.Keys))));
        return baseline.Groups.Select(group => SelectedGroups.CellOf(group, keys)).Where(others.ContainsKey)
            .Select(cell => new Cell(baseline, other, ones[cell], others[cell]));
    }

    private static IEnumerable<string> Missing(SelectedGroups side, IEnumerable<string> cells) =>
        cells.Select(cell => $"Not compared, for only {side.Text} has it: {cell}");

    private static ComparisonRow Row(Cell cell, ComparisonRequest request, IReadOnlyList<string> keys)
    {
        var (baseline, other) = ComparedGroup.Joined(
            ComparedGroup.Of(cell.BaselineGroup, request.Metric), ComparedGroup.Of(cell.OtherGroup, request.Metric));
        var isPaired = GroupTest.IsPaired(request.Test, other, baseline);
        var (values, reference) = isPaired ? (other.PairedWith(baseline), baseline.PairedWith(other)) : (other.Numbers, baseline.Numbers);
        var outcome = isPaired
            ? GroupTest.Paired(request.Test, values, reference, request.Margin)
            : GroupTest.Unpaired(request.Test, values, reference, request.Margin);
        return new ComparisonRow(
            cell.Other.Text, SelectedGroups.Parameters(cell.BaselineGroup, keys), baseline.Describe(reference), other.Describe(values), outcome, null, 0,
            [.. DocumentDifferences.Of(cell.BaselineGroup, cell.OtherGroup, [.. cell.Baseline.ChosenKeys, .. cell.Other.ChosenKeys])],
            [.. ComparisonWarnings.Of((cell.Baseline.Text, baseline), (cell.Other.Text, other), outcome)]);
    }

    private static IEnumerable<ComparisonRow> Correct(ComparisonRequest request, IReadOnlyList<ComparisonRow> rows)
    {
        var corrected = MultipleTesting.Correct([.. rows.Select(row => row.Outcome.Result.PValue)], request.Correction);
        // Corrections keep the order of p-values, so that the smallest possible ones bound what is possible after the correction.
        var smallest = MultipleTesting.Correct(
            [.. rows.Select(row => row.Outcome.Result.PValue is null ? (double?)null : row.Outcome.Result.SmallestPValue)], request.Correction);
        var equivalent = MultipleTesting.Correct([.. rows.Select(row => row.Outcome.Equivalence?.Result?.PValue)], request.Correction);
        var familySize = corrected.Count(p => p is not null);
        foreach (var (i, row) in rows.Index())
        {
            var warning = ComparisonWarnings.TooFew(row.Outcome, smallest[i] ?? 0, familySize);
            yield return row with
            {
                Outcome = row.Outcome with { Equivalence = row.Outcome.Equivalence is { } tested ? tested with { CorrectedPValue = equivalent[i] } : null },
                CorrectedPValue = corrected[i],
                SmallestCorrectedPValue = smallest[i] ?? 0,
                Warnings = warning is null ? row.Warnings : [.. row.Warnings, warning],
            };
        }
    }
}
