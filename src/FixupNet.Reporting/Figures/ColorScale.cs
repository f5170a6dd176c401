namespace FixupNet.Reporting.Figures;

/// <summary>Colours of a map, from dark to light: viridis (S. van der Walt and N. Smith, 2015), whose lightness rises evenly, so that it reads
/// in grey and with any form of colour blindness.</summary>
internal static class ColorScale
{
    /// <summary>How many colours a drawing uses.</summary>
    public const int Count = 48;

    private static readonly (int R, int G, int B)[] Stops =
    [
        (68, 1, 84), (72, 40, 120), (62, 74, 137), (49, 104, 142), (38, 130, 142), (31, 158, 137), (53, 183, 121), (109, 205, 89), (180, 222, 44), (253, 231, 37),
    ];

    /// <summary>The stops as "#rrggbb", evenly spaced.</summary>
    public static IReadOnlyList<string> StopColors { get; } = [.. Stops.Select(stop => $"#{stop.R:x2}{stop.G:x2}{stop.B:x2}")];

    /// <summary>A colour as "#rrggbb".</summary>
    /// <param name="index">From 0, the darkest, below <see cref="Count"/>.</param>
    public static string At(int index) => At((double)index / (Count - 1));

    /// <summary>A colour of a curve on a light ground: without the lightest, which are too faint there.</summary>
    /// <param name="share">From 0, the darkest, to 1.</param>
    public static string OnLight(double share) => At(0.85 * share);

    /// <summary>A colour of a curve on a dark ground: without the darkest.</summary>
    /// <param name="share">From 0, the darkest, to 1.</param>
    public static string OnDark(double share) => At(0.3 + 0.7 * share);

    private static string At(double share)
    {
        var place = share * (Stops.Length - 1);
        var left = Math.Min((int)place, Stops.Length - 2);
        int Mix(int from, int to) => (int)Math.Round(from + (place - left) * (to - from));
        var (a, b) = (Stops[left], Stops[left + 1]);
        return $"#{Mix(a.R, b.R):x2}{Mix(a.G, b.G):x2}{Mix(a.B, b.B):x2}";
    }
}
