using FixupNet.Reporting.Statistics;
using FixupNet.Reporting.Tables;
using FixupNet.Runs.Metrics;
using FixupNet.Runs.Records;

namespace FixupNet.Reporting.Figures;

/// <summary>A matrix of a study as colours with a number in each: the mean over networks.</summary>
/// <param name="Name">Name of its file.</param>
/// <param name="Title">The text alternative in a few words.</param>
/// <param name="Description">The text alternative in full.</param>
/// <param name="Rows">What rows are.</param>
/// <param name="Columns">What columns are.</param>
/// <param name="RowNames">A name a row.</param>
/// <param name="ColumnNames">A name a column.</param>
/// <param name="Cells">Rows of cells.</param>
internal sealed record MatrixMap(
    string Name, string Title, string Description, string Rows, string Columns, IReadOnlyList<string> RowNames, IReadOnlyList<string> ColumnNames, IReadOnlyList<IReadOnlyList<MatrixCell>> Cells)
    : Figure(Name, Title, Description)
{
    /// <summary>Makes the map of the mean of matrices.</summary>
    /// <param name="name">Name of its file.</param>
    /// <param name="title">Its title.</param>
    /// <param name="matrices">A matrix a network; those of other rows or columns than the first are left out.</param>
    /// <param name="range">The values of the darkest and the lightest colour.</param>
    public static MatrixMap Of(string name, string title, IReadOnlyList<StudyMatrix> matrices, (double Least, double Most) range)
    {
        var first = matrices[0];
        var alike = matrices.Where(matrix => matrix.RowNames.SequenceEqual(first.RowNames) && matrix.ColumnNames.SequenceEqual(first.ColumnNames)).ToList();
        var isShare = first.Unit == Metric.Share;
        var (scale, format, unit) = isShare ? (100.0, "F1", " %") : (1.0, "G3", first.Unit.Length > 0 ? $" {first.Unit}" : "");
        IReadOnlyList<IReadOnlyList<MatrixCell>> cells =
        [
            .. Enumerable.Range(0, first.RowNames.Count).Select(row => (IReadOnlyList<MatrixCell>)
                [.. Enumerable.Range(0, first.ColumnNames.Count).Select(column => Cell([.. alike.Select(matrix => matrix.Values[row][column]).Where(double.IsFinite)]))]),
        ];
        var words = cells.Select((row, index) => $"{first.RowNames[index]}: {string.Join(", ", row.Select((cell, column) => $"{first.ColumnNames[column]} {(cell.Text.Length > 0 ? cell.Full : "none")}"))}");
        var about = $"Mean of n = {alike.Count}{(alike.Count > 1 ? " ± standard deviation" : "")}, darkest {DisplayText.Number(scale * range.Least, format)}{unit}, "
            + $"lightest {DisplayText.Number(scale * range.Most, format)}{unit}. By {first.Rows} and {first.Columns}: {string.Join("; ", words)}.";
        return new MatrixMap(name, title, about, first.Rows, first.Columns, first.RowNames, first.ColumnNames, cells);

        MatrixCell Cell(double[] values)
        {
            if (values.Length == 0) return new MatrixCell("", "", null);
            var text = DisplayText.Number(scale * values.Average(), format);
            var share = range.Most > range.Least ? Math.Clamp((values.Average() - range.Least) / (range.Most - range.Least), 0, 1) : 0;
            return new MatrixCell(text, Sample.StandardDeviation(values) is { } deviation ? $"{text} ± {DisplayText.Number(scale * deviation, format)}{unit}" : text + unit, share);
        }
    }

    /// <inheritdoc/>
    public override string ToSvg() => MatrixSvg.Draw(this);
}

/// <summary>A cell of a matrix.</summary>
/// <param name="Text">Its mean; empty where it has none.</param>
/// <param name="Full">The mean with what is known of its spread.</param>
/// <param name="Share">From 0, the darkest colour, to 1, the lightest; null where it has no value.</param>
internal sealed record MatrixCell(string Text, string Full, double? Share)
{
    /// <summary>Its colour's number among the stops of the scale.</summary>
    public int? Stop => Share is { } share ? (int)Math.Round(share * (ColorScale.StopColors.Count - 1)) : null;

    /// <summary>Whether text on it must be dark.</summary>
    public bool IsLight => Stop is null or >= 6;
}
