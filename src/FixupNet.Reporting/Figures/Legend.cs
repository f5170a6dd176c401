namespace FixupNet.Reporting.Figures;

/// <summary>Names of curves, in rows above a plot.</summary>
internal sealed class Legend
{
    private const int RowHeight = 20;
    private const int SampleWidth = 30;
    private const int MostLetters = 48;
    private const double LetterWidth = 7.2; // at 13 pixels, generously: what the reader's font measures is not known here
    private readonly List<(double X, double Y, string Label, Action<double, double> Sample)> _entries = [];
    private readonly PixelRange _width;
    private double _x;

    /// <summary>Begins at the top of a drawing.</summary>
    /// <param name="width">From where to where the rows reach.</param>
    public Legend(PixelRange width)
    {
        _width = width;
        _x = width.Start;
    }

    /// <summary>Where the last row ends.</summary>
    public double Bottom { get; private set; } = 8;

    /// <summary>Adds a name, in a new row where the last one has no room.</summary>
    /// <param name="label">The name, which is cut when it is very long; an empty one is left out.</param>
    /// <param name="sample">Draws how it looks, around the point it is given.</param>
    public void Add(string label, Action<double, double> sample)
    {
        if (label.Length == 0) return;
        var text = label.Length <= MostLetters ? label : label[..(MostLetters - 1)] + "…";
        var width = SampleWidth + text.Length * LetterWidth + 14;
        if (_entries.Count == 0 || _x + width > _width.End)
        {
            _x = _width.Start;
            Bottom += RowHeight;
        }
        _entries.Add((_x, Bottom - RowHeight / 2, text, sample));
        _x += width;
    }

    /// <summary>Draws the names.</summary>
    public void Draw(SvgCanvas canvas)
    {
        canvas.Open("g", ("class", "legend"));
        foreach (var (x, y, label, sample) in _entries)
        {
            sample(x + SampleWidth / 2 - 4, y);
            canvas.Text(x + SampleWidth - 2, y + 4.5, label);
        }
        canvas.Close();
    }
}
