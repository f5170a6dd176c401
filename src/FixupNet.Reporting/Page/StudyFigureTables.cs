using FixupNet.Reporting.Figures;

namespace FixupNet.Reporting.Page;

/// <summary>Figures of studies that are tables: matrices with coloured cells, and pictures by row and column.</summary>
internal static class StudyFigureTables
{
    /// <summary>Writes a matrix; the colours are classes, for a page may not carry styles in its elements.</summary>
    public static void Write(HtmlWriter html, MatrixMap map)
    {
        Begin(html, map.Title, "heat", $"{map.Rows} ↓ {map.Columns} →", map.ColumnNames);
        foreach (var (row, cells) in map.Cells.Index())
        {
            html.Open("tr").Element("th", map.RowNames[row], ("scope", "row"));
            foreach (var (column, cell) in cells.Index())
                html.Element("td", cell.Text, ("class", cell.Stop is { } stop ? $"number heat-{stop}" : "number"), ("title", $"{map.RowNames[row]}, {map.ColumnNames[column]}: {cell.Full}"));
            html.Close();
        }
        html.Close().Close().Close();
    }

    /// <summary>Writes pictures.</summary>
    public static void Write(HtmlWriter html, PictureGrid grid)
    {
        Begin(html, grid.Title, "pictures", "", grid.Pictures.ColumnNames);
        foreach (var (row, name) in grid.Pictures.RowNames.Index())
        {
            html.Open("tr").Element("th", name, ("scope", "row"));
            foreach (var (column, heading) in grid.Pictures.ColumnNames.Index())
                html.Open("td").Open("img", ("src", grid.Address(row, column)), ("alt", $"{name}, {heading}")).Close();
            html.Close();
        }
        html.Close().Close().Close();
    }

    private static void Begin(HtmlWriter html, string caption, string kind, string corner, IReadOnlyList<string> columns)
    {
        html.Open("div", ("class", "table"), ("tabindex", "0"), ("role", "region"), ("aria-label", caption)).Open("table", ("class", kind)).Element("caption", caption).Open("thead").Open("tr");
        html.Element("td", corner);
        foreach (var column in columns) html.Element("th", column, ("scope", "col"));
        html.Close().Close().Open("tbody");
    }
}
