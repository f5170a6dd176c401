using System.Text.Json;
using FixupNet.Reporting.Results;

namespace FixupNet.Reporting.Figures;

/// <summary>The groups of a sweep that differ in the key of its axis only: one curve, which looks the same in every figure.</summary>
/// <param name="Label">Its name for people; empty where the sweep has no other key.</param>
/// <param name="Index">Its number, from 0.</param>
/// <param name="Style">How it looks.</param>
/// <param name="Groups">The groups, by the key of the axis.</param>
internal sealed record SweepSeries(string Label, int Index, SeriesStyle Style, IReadOnlyList<SweepGroup> Groups)
{
    /// <summary>Key of the depth.</summary>
    public const string DepthKey = "model.depth";

    /// <summary>More than any number of layers; its digits are part of names of files.</summary>
    public const double MostDepth = 1e12;

    private const string MethodKey = "model.variant";

    /// <summary>The curves of a sweep, in the order of its groups.</summary>
    /// <param name="results">The sweep.</param>
    /// <param name="within">Keys in which the groups of a curve may differ.</param>
    public static IReadOnlyList<SweepSeries> Of(SweepResults results, params IReadOnlyList<string> within)
    {
        string[] keys = [.. results.Keys.Where(key => !within.Contains(key))];
        var curves = results.Groups.GroupBy(group => string.Join('\n', keys.Select(group.Raw))).Select(groups => groups.ToList()).ToList(); // JSON text holds no line feed
        var labels = curves.Select(groups => LabelOf(groups[0], keys)).ToList();
        // A single curve has the colour of its method too, as in every other report.
        var styles = SeriesStyles.Of(keys.Contains(MethodKey) ? [.. curves.Select(groups => LabelOf(groups[0], [MethodKey]))]
            : curves.Count == 1 && MethodOf(curves[0][0]) is { } method ? [method]
            : labels);
        return [.. curves.Select((groups, index) => new SweepSeries(labels[index], index, styles[index], groups))];
    }

    /// <summary>The curves of a sweep over its axis.</summary>
    public static IReadOnlyList<SweepSeries> Of(SweepResults results, SweepAxis axis) => axis.Key is null ? Of(results) : Of(results, [axis.Key]);

    /// <summary>Depth of a group, or null where it has none that can be drawn.</summary>
    public static double? Depth(SweepGroup group) =>
        group.Number(DepthKey) is { } depth and > 0 and <= MostDepth ? depth : null;

    private static string LabelOf(SweepGroup group, string[] keys)
    {
        string[] given = [.. keys.Where(group.Parameters.ContainsKey)];
        // A null leaves the choice to something else, and tells nobody what: the other curves are told from this one by what they name.
        string[] named = [.. given.Where(key => group.Parameters[key].ValueKind != JsonValueKind.Null)];
        return string.Join(", ", (named.Length > 0 ? named : given)
            .Select(key => ParameterValue.Label(group.Parameters[key]) ?? $"{key[(key.LastIndexOf('.') + 1)..]}={group.Raw(key)}"));
    }

    private static string? MethodOf(SweepGroup group)
    {
        var file = group.Trials[0].Directory.ConfigFile;
        if (!File.Exists(file)) return null;
        using var config = RunDocument.Read(file);
        return config.RootElement.TryGetProperty("model", out var model) && model.ValueKind == JsonValueKind.Object && model.TryGetProperty("variant", out var method)
            ? ParameterValue.Label(method) : null;
    }
}
