using FixupNet.Reporting.Tables;

namespace FixupNet.Reporting;

/// <summary>What writing a report gave.</summary>
/// <param name="Table">The table.</param>
/// <param name="Page">Path of its index.html.</param>
/// <param name="Files">Paths of the other files written, tables first; a figure that the results cannot fill is none of them.</param>
public sealed record SweepReportResult(SweepTable Table, string Page, IReadOnlyList<string> Files);
