namespace FixupNet.Reporting.Figures;

/// <summary>A figure of curves over two axes.</summary>
/// <param name="Name">Name of its file.</param>
/// <param name="Title">The text alternative in a few words.</param>
/// <param name="Description">The text alternative in full.</param>
/// <param name="X">The lower axis.</param>
/// <param name="Y">The left axis.</param>
/// <param name="Curves">The curves; no two have the same style.</param>
/// <param name="LeftOut">Curves that are not among them, for more than <see cref="SeriesStyle.Count"/> cannot be told apart.</param>
internal sealed record Chart(
    string Name, string Title, string Description, ChartAxis X, ChartAxis Y, IReadOnlyList<ChartCurve> Curves, int LeftOut = 0)
    : Figure(Name, Title, Description)
{
    /// <summary>From so many seeds on, a chart shows their mean with a band instead of each.</summary>
    public const int ManySeeds = 4;

    /// <summary>Seeds whose interval is narrow enough to be worth room: Student's t makes that of two 18 times as wide as their standard deviation.</summary>
    public const int LeastSeedsOfInterval = 3;

    /// <summary>The curves, without what has no place on the lower axis: a record may hold any number for an epoch.</summary>
    public IReadOnlyList<ChartCurve> Curves { get; init; } = [.. Curves.Select(curve => curve.On(X))];

    /// <summary>What its bands stand for.</summary>
    public string BandLabel => Curves.Any(curve => curve.IsSummary) ? "95 % interval of the mean" : "from the least to the largest seed";

    /// <inheritdoc/>
    public override string ToSvg() => ChartSvg.Draw(this);
}

/// <summary>An axis of a chart.</summary>
/// <param name="Label">What it shows, with the unit.</param>
/// <param name="Scale">How values lie on it.</param>
internal sealed record ChartAxis(string Label, AxisScale Scale)
{
    /// <summary>Names of the places 1, 2, …; of layers or of configurations, and none on other axes.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>Whether a lower axis reaches below 0, as far as its values do.</summary>
    public bool IsSigned { get; init; }

    /// <summary>The label as it stands at the axis: with a word about the scale where that is not even.</summary>
    public string Caption => IsLogarithmic ? $"{Label}, log scale" : Label;

    /// <summary>The label's first words, before units and explanations.</summary>
    public string Name => Label.Split(',', '(')[0].Trim();

    /// <summary>Whether the scale shows logarithms, and so neither 0 nor what is below.</summary>
    public bool IsLogarithmic => Scale is AxisScale.Logarithmic or AxisScale.Values;

    // Beyond this the ticks of an even axis are no longer told apart by their numbers.
    private const double MostEven = 1e12;

    /// <summary>Whether a value has a place on the scale.</summary>
    public bool Shows(double value) => Scale switch
    {
        AxisScale.Percent => value is >= 0 and <= 100,
        AxisScale.Logarithmic or AxisScale.Values => value > 0 && double.IsFinite(value),
        _ => Math.Abs(value) <= MostEven,
    };
}

/// <summary>How values lie on an axis.</summary>
internal enum AxisScale
{
    /// <summary>Evenly, between round numbers.</summary>
    Linear,

    /// <summary>Evenly, within [0, 100].</summary>
    Percent,

    /// <summary>By their logarithms, with ticks at powers of ten.</summary>
    Logarithmic,

    /// <summary>Evenly, whole numbers from 1 on.</summary>
    Index,

    /// <summary>By their logarithms, with a tick at each value that occurs.</summary>
    Values,

    /// <summary>Side by side, whole numbers from 1 on, with a name for each.</summary>
    Names,
}

/// <summary>A curve: lines, and what belongs to them.</summary>
/// <param name="Label">Its name; empty where there is one curve only.</param>
/// <param name="Style">How it looks.</param>
/// <param name="Lines">Its lines, one a seed for example.</param>
/// <param name="Note">More about it, for the legend.</param>
internal sealed record ChartCurve(string Label, SeriesStyle Style, IReadOnlyList<ChartLine> Lines, string Note = "")
{
    /// <summary>Whether its points sum up trials: each gets a large mark, and the curve stands a little beside the others.</summary>
    public bool IsSummary { get; init; }

    /// <summary>Single results, such as those of the seeds of a mean.</summary>
    public IReadOnlyList<ChartPoint> Dots { get; init; } = [];

    /// <summary>95 % intervals of means, drawn as bars.</summary>
    public IReadOnlyList<ChartInterval> Intervals { get; init; } = [];

    /// <summary>Intervals that are joined to a band.</summary>
    public IReadOnlyList<ChartInterval> Band { get; init; } = [];

    /// <summary>Where trials diverged on the lower axis.</summary>
    public IReadOnlyList<ChartCross> Crosses { get; init; } = [];

    /// <summary>The curve without what has no place on a lower axis.</summary>
    internal ChartCurve On(ChartAxis lower)
    {
        bool Has(double x) => (x >= 0 || lower.IsSigned) && lower.Shows(x);
        return this with
        {
            Lines = [.. Lines.Select(line => line.Points.All(point => Has(point.X)) ? line : line with { Points = [.. line.Points.Where(point => Has(point.X))] })],
            Dots = [.. Dots.Where(dot => Has(dot.X))],
            Intervals = [.. Intervals.Where(interval => Has(interval.X))],
            Band = [.. Band.Where(interval => Has(interval.X))],
            Crosses = [.. Crosses.Where(cross => Has(cross.X))],
        };
    }

    /// <summary>All values that the left axis must have room for.</summary>
    internal IEnumerable<double> Values() => Lines.SelectMany(line => line.Points.Select(point => point.Y)).Concat(Dots.Select(dot => dot.Y))
        .Concat(Intervals.Concat(Band).Where(interval => interval.Count >= Chart.LeastSeedsOfInterval).SelectMany(interval => new[] { interval.Low, interval.High }));

    /// <summary>All places that the lower axis must have room for.</summary>
    internal IEnumerable<double> Places() => Lines.SelectMany(line => line.Points.Select(point => point.X)).Concat(Dots.Select(dot => dot.X))
        .Concat(Crosses.Select(cross => cross.X));

    /// <summary>The name with the note.</summary>
    public string FullLabel => Note.Length == 0 ? Label : $"{Label} ({Note})".TrimStart();
}

/// <summary>A line through points.</summary>
/// <param name="Name">What sets it apart from other lines of its curve.</param>
/// <param name="Points">The points, by ascending X; a Y that the axis cannot show breaks the line and is drawn in a strip.</param>
internal sealed record ChartLine(string Name, IReadOnlyList<ChartPoint> Points);

/// <summary>A point.</summary>
/// <param name="X">Its place on the lower axis.</param>
/// <param name="Y">Its value; need not be finite.</param>
internal readonly record struct ChartPoint(double X, double Y);

/// <summary>An interval about a mean.</summary>
/// <param name="X">Its place on the lower axis.</param>
/// <param name="Low">Its lower end.</param>
/// <param name="High">Its upper end.</param>
/// <param name="Count">How many values it is about.</param>
internal readonly record struct ChartInterval(double X, double Low, double High, int Count);

/// <summary>Trials that diverged.</summary>
/// <param name="X">Their place on the lower axis.</param>
/// <param name="Count">How many diverged here.</param>
/// <param name="Of">How many were trained.</param>
internal readonly record struct ChartCross(double X, int Count, int Of);
