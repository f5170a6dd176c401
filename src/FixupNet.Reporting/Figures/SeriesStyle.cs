namespace FixupNet.Reporting.Figures;

/// <summary>How a curve looks: colour, marker and dashes differ together, so that curves can be told apart in grey too. The page gets the style with
/// each curve, so that drawings and page look alike.</summary>
/// <param name="Light">Its colour on a light ground, "#rrggbb".</param>
/// <param name="Dark">Its colour on a dark ground.</param>
/// <param name="Corners">Corners of its marker, on a circle; 0 stands for the circle itself.</param>
/// <param name="Degrees">Where the first corner lies.</param>
/// <param name="IsHollow">Whether its marker is an outline.</param>
/// <param name="Dashes">Lengths of dashes and gaps of its line; none for a whole line.</param>
/// <param name="MeanDashes">The same for a line through means, whose few points would not tell it from the others.</param>
/// <remarks>The colours are those of Okabe and Ito, "Color Universal Design" (2008), which people with any form of colour blindness tell
/// apart; without their yellow, which is too faint on white.</remarks>
internal sealed record SeriesStyle(
    string Light, string Dark, int Corners, double Degrees, bool IsHollow, IReadOnlyList<double> Dashes, IReadOnlyList<double> MeanDashes)
{
    /// <summary>How many curves of a chart look different.</summary>
    public const int Count = 2 * ColorCount;

    /// <summary>How many colours there are, and as many markers.</summary>
    public const int ColorCount = 7;

    private static readonly (string Light, string Dark)[] Colors =
    [
        ("#0072B2", "#4AA8E8"), ("#D55E00", "#FF8A3C"), ("#009E73", "#2FCF9F"), ("#CC79A7", "#E9A3C9"), ("#E69F00", "#F5BD45"), ("#56B4E9", "#9FDCFF"),
        ("#000000", "#FFFFFF"),
    ];

    private static readonly (int Corners, double Degrees, double[] MeanDashes)[] Looks =
    [
        (0, 0, []), (4, 45, [9, 4]), (3, -90, [2.5, 3.5]), (4, 0, [9, 3, 2, 3]), (3, 90, [15, 4]), (5, -90, [5, 3]), (6, 0, [1, 5]),
    ];

    /// <summary>One of the styles that differ from each other.</summary>
    /// <param name="number">From 0, below <see cref="Count"/>; the second half has the colours of the first with other markers.</param>
    public static SeriesStyle Of(int number) =>
        number < ColorCount ? Of(number, number) : Of(number - ColorCount, (number - ColorCount + 3) % ColorCount);

    /// <summary>A style of a colour and a look, both below <see cref="ColorCount"/>.</summary>
    /// <param name="color">Number of the colour.</param>
    /// <param name="look">Number of the marker and the dashes.</param>
    public static SeriesStyle Of(int color, int look) => new(
        Colors[color].Light, Colors[color].Dark, Looks[look].Corners, Looks[look].Degrees, false, [], Looks[look].MeanDashes);

    /// <summary>Styles of things in an order, such as steps: from dark to light.</summary>
    /// <param name="index">From 0, below the count.</param>
    /// <param name="count">How many there are.</param>
    public static SeriesStyle InOrder(int index, int count)
    {
        var share = count == 1 ? 0 : (double)index / (count - 1);
        var look = Looks[index % ColorCount];
        return new(ColorScale.OnLight(share), ColorScale.OnDark(share), look.Corners, look.Degrees, false, [], []);
    }

    /// <summary>The same curve for the test set: dashed, its markers hollow.</summary>
    public SeriesStyle ForTest() => this with { IsHollow = true, Dashes = [6, 3] };
}
