namespace FixupNet.Reporting.Figures;

/// <summary>Draws a matrix as SVG: a coloured square a cell, with its number.</summary>
internal static class MatrixSvg
{
    private const double CellWidth = 58;
    private const double CellHeight = 30;
    private const double LetterWidth = 7.2;
    private const double Top = 66;
    private const int MostLetters = 24;

    /// <summary>Draws a matrix.</summary>
    public static string Draw(MatrixMap map)
    {
        var left = 44 + LetterWidth * map.RowNames.Max(name => Shortened(name).Length);
        // Names of columns that are wider than a cell stand upright.
        var longest = map.ColumnNames.Max(name => Shortened(name).Length) * LetterWidth;
        var isUpright = longest > CellWidth - 6;
        var top = Top + (isUpright ? longest - 12 : 0);
        var (width, height) = (left + CellWidth * map.ColumnNames.Count + 20, top + CellHeight * map.RowNames.Count + 20);
        var canvas = new SvgCanvas((int)Math.Max(width, 260), (int)height, map.Title, map.Description);
        canvas.Text(left, 22, map.Columns);
        canvas.Text(18, top + CellHeight * map.RowNames.Count / 2, map.Rows, ("text-anchor", "middle"), ("transform", $"rotate(-90 18 {SvgCanvas.Number(top + CellHeight * map.RowNames.Count / 2)})"));
        foreach (var (column, name) in map.ColumnNames.Index())
        {
            var x = left + (column + 0.5) * CellWidth;
            if (isUpright) canvas.Text(x + 4, top - 10, Shortened(name), ("transform", $"rotate(-90 {SvgCanvas.Number(x + 4)} {SvgCanvas.Number(top - 10)})"));
            else canvas.Text(x, top - 10, Shortened(name), ("text-anchor", "middle"));
        }
        foreach (var (row, cells) in map.Cells.Index())
        {
            var y = top + row * CellHeight;
            canvas.Text(left - 8, y + CellHeight / 2 + 4.5, Shortened(map.RowNames[row]), ("text-anchor", "end"));
            foreach (var (column, cell) in cells.Index()) DrawCell(canvas, cell, left + column * CellWidth, y);
        }
        return canvas.Finish();
    }

    private static void DrawCell(SvgCanvas canvas, MatrixCell cell, double x, double y)
    {
        canvas.Element("rect", ("class", "cell"), ("x", SvgCanvas.Number(x)), ("y", SvgCanvas.Number(y)), ("width", SvgCanvas.Number(CellWidth)), ("height", SvgCanvas.Number(CellHeight)),
            ("fill", cell.Stop is { } stop ? ColorScale.StopColors[stop] : "#ffffff"), ("stroke", "#ffffff"));
        if (cell.Text.Length > 0)
            canvas.Text(x + CellWidth / 2, y + CellHeight / 2 + 4.5, cell.Text, ("text-anchor", "middle"), ("fill", cell.IsLight ? "#111111" : "#ffffff"));
    }

    private static string Shortened(string name) => name.Length <= MostLetters ? name : name[..(MostLetters - 1)] + "…";
}
