using FixupNet.Runs.Records;

namespace FixupNet.Reporting.Figures;

/// <summary>Pictures of a study by row and column.</summary>
/// <param name="Name">Name of its file.</param>
/// <param name="Title">The text alternative in a few words.</param>
/// <param name="Pictures">The pictures.</param>
internal sealed record PictureGrid(string Name, string Title, StudyPictures Pictures)
    : Figure(Name, Title, $"{Title}. Rows: {string.Join("; ", Pictures.RowNames)}. Columns: {string.Join("; ", Pictures.ColumnNames)}. Maps are dark where they are least and light where they are greatest.")
{
    private const double Side = 96;
    private const double Left = 150;
    private const double Top = 44;
    private const double Gap = 8;

    /// <summary>A picture as the address of a PNG that holds itself.</summary>
    public string Address(int row, int column) => $"data:image/png;base64,{Convert.ToBase64String(Png(Pictures.Pixels[row][column]))}";

    /// <inheritdoc/>
    public override string ToSvg()
    {
        var (columns, rows, height) = (Pictures.ColumnNames.Count, Pictures.RowNames.Count, Side * Pictures.Height / Pictures.Width);
        var canvas = new SvgCanvas((int)(Left + columns * (Side + Gap) + Gap), (int)(Top + rows * (height + Gap) + Gap), Title, Description);
        foreach (var (column, name) in Pictures.ColumnNames.Index()) Label(canvas, Left + column * (Side + Gap) + Side / 2, Top - 12, name, "middle", Side + Gap);
        foreach (var (row, name) in Pictures.RowNames.Index())
        {
            var y = Top + row * (height + Gap);
            Label(canvas, Left - 10, y + height / 2 + 4, name, "end", Left - 14);
            for (var column = 0; column < columns; column++)
            {
                canvas.Element("image", ("x", SvgCanvas.Number(Left + column * (Side + Gap))), ("y", SvgCanvas.Number(y)), ("width", SvgCanvas.Number(Side)), ("height", SvgCanvas.Number(height)),
                    ("image-rendering", "pixelated"), ("href", Address(row, column)));
            }
        }
        return canvas.Finish();
    }

    private static void Label(SvgCanvas canvas, double x, double y, string text, string anchor, double room)
    {
        var most = (int)(room / 6.2);
        canvas.Text(x, y, text.Length <= most ? text : text[..(most - 1)] + "…", ("text-anchor", anchor), ("font-size", "12"));
    }

    private byte[] Png(byte[] pixels)
    {
        var rows = pixels.Chunk(pixels.Length / Pictures.Height).ToList();
        if (pixels.Length > (long)Pictures.Width * Pictures.Height) return PngImage.Encode(Pictures.Width, rows);
        // The first colour of a picture of few colours is transparent.
        return PngImage.Encode(
            [.. rows.Select(row => row.Select(value => (byte)(1 + value * (ColorScale.Count - 1) / byte.MaxValue)).ToArray())],
            ["#000000", .. Enumerable.Range(0, ColorScale.Count).Select(ColorScale.At)]);
    }
}
