namespace FixupNet.Reporting.Tables;

/// <summary>One column of a table.</summary>
/// <param name="Header">Its name.</param>
/// <param name="IsNumber">Whether its cells are numbers, which align to the right.</param>
/// <param name="Cell">Text of its cell in a row; empty where there is no value.</param>
/// <param name="Value">What a table sorts by in a row, where that is not the text; null of no value.</param>
public sealed record SweepTableColumn(
    string Header, bool IsNumber, Func<SweepTableRow, string> Cell, Func<SweepTableRow, double?>? Value = null);
