using System.Globalization;
using FixupNet.Reporting.Results;

namespace FixupNet.Reporting.Figures;

/// <summary>What the figures of a sweep have on their lower axis: the depth; in a sweep of one depth the numeric key with the most values; and
/// where no key is numeric, the configurations side by side.</summary>
/// <param name="Key">The key, or null for configurations side by side.</param>
/// <param name="Scale">How its values lie.</param>
internal sealed record SweepAxis(string? Key, AxisScale Scale)
{
    private const double LeastLogarithmicRatio = 3; // closer values are read more easily from an even axis

    /// <summary>Whether it is the depth.</summary>
    public bool IsDepth => Key == SweepSeries.DepthKey;

    /// <summary>Its name in words: "learning rate".</summary>
    public string Name => Key is null ? "configuration" : Words(Key);

    /// <summary>The last part of a key in words: "learning rate" of "optimizer.learningRate".</summary>
    public static string Words(string key) =>
        string.Concat(LastPart(key).Select(letter => char.IsUpper(letter) ? $" {char.ToLowerInvariant(letter)}" : $"{letter}")).Trim();

    /// <summary>How titles speak of it: "against depth".</summary>
    public string Phrase => $"{(Key is null ? "by" : "against")} {Name}";

    /// <summary>Its part of the names of files.</summary>
    public string Slug => Figure.Slug(Phrase);

    /// <summary>Chooses the axis of a sweep.</summary>
    public static SweepAxis Of(SweepResults results)
    {
        if (Values(results, SweepSeries.DepthKey).Distinct().Count(depth => depth is > 0 and <= SweepSeries.MostDepth) >= 2)
            return new(SweepSeries.DepthKey, AxisScale.Values);
        // An axis needs a place for every group; the first key of the grid wins where two have as many values.
        var key = results.Keys.Where(key => Values(results, key).All(value => value >= 0 && double.IsFinite(value.Value)))
            .Where(key => Values(results, key).Distinct().Count() >= 2)
            .MaxBy(key => Values(results, key).Distinct().Count());
        if (key is null) return new(null, AxisScale.Names);
        var (least, most) = (Values(results, key).Min()!.Value, Values(results, key).Max()!.Value);
        return new(key, least > 0 && most / least >= LeastLogarithmicRatio ? AxisScale.Values : AxisScale.Linear);
    }

    /// <summary>The lower axis of a chart.</summary>
    /// <param name="allSeries">The curves of the sweep.</param>
    public ChartAxis ChartAxis(IReadOnlyList<SweepSeries> allSeries) => Key is null
        ? new("configuration", Scale) { Names = [.. allSeries.Take(SeriesStyle.Count).Select(series => series.Label)] }
        : new(IsDepth ? "depth (layers)" : $"{Name} ({Key})", Scale);

    /// <summary>Where a group lies, or null where it has no place.</summary>
    public double? Place(SweepSeries series, SweepGroup group) => Key is null ? series.Index + 1 : Value(group);

    /// <summary>A group's value of the key, or null where it has none, as where there is no key.</summary>
    public double? Value(SweepGroup group) => Key is null ? null : IsDepth ? SweepSeries.Depth(group) : group.Number(Key);

    /// <summary>The key's value of a group as text, such as "depth 110"; empty without a key or a value.</summary>
    public string PlaceText(double? place) =>
        Key is not null && place is { } value ? $"{Name} {(IsDepth ? Axis.Thousands(value) : value.ToString("G6", CultureInfo.InvariantCulture))}" : "";

    private static IEnumerable<double?> Values(SweepResults results, string key) => results.Groups.Select(group => group.Number(key));

    private static string LastPart(string key) => key[(key.LastIndexOf('.') + 1)..];
}
