using System.Text.Json.Serialization;
using FixupNet.Runs.Metrics;

namespace FixupNet.Reporting.Tables;

/// <summary>A sweep as a table: a row for each combination of the grid, over all its seeds.</summary>
/// <param name="Keys">Keys of the grid that differ between trials, in the order of the grid; the seed is none of them.</param>
/// <param name="Rows">The rows, ordered by the keys from left to right: numbers by value, other values as the grid has them.</param>
public sealed record SweepTable(IReadOnlyList<string> Keys, IReadOnlyList<SweepTableRow> Rows)
{
    /// <summary>The metrics by which results are told.</summary>
    [JsonIgnore]
    public IReadOnlyList<Metric> Metrics { get; init; } = [];

    /// <summary>The columns to show to people, from left to right.</summary>
    public IReadOnlyList<SweepTableColumn> Columns() => SweepTableColumns.ForPeople(this);
}
