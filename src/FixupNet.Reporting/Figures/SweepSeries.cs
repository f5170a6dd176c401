using System.Text.Json;

namespace FixupNet.Reporting.Figures;

/// <summary>The groups of a sweep that differ in their depth only: one curve, which looks the same in every figure.</summary>
/// <param name="Label">Its name for people; empty where the sweep has no other key.</param>
/// <param name="Index">Its number, from 0.</param>
/// <param name="Groups">The groups, by depth.</param>
internal sealed record SweepSeries(string Label, int Index, IReadOnlyList<SweepGroup> Groups)
{
    /// <summary>Key of the depth.</summary>
    public const string DepthKey = "model.depth";

    private const double MostDepth = 1e12; // more than any number of layers; its digits are part of names of files

    /// <summary>The curves of a sweep, in the order of its groups.</summary>
    /// <param name="results">The sweep.</param>
    /// <param name="without">A further key in which the groups of a curve may differ.</param>
    public static IReadOnlyList<SweepSeries> Of(SweepResults results, string without = DepthKey)
    {
        string[] keys = [.. results.Keys.Where(key => key != DepthKey && key != without)];
        return
        [
            .. results.Groups
                .GroupBy(group => string.Join('\n', keys.Select(group.Raw))) // JSON text holds no line feed
                .Select((groups, index) => new SweepSeries(LabelOf(groups.First(), keys), index, [.. groups])),
        ];
    }

    /// <summary>Depth of a group, or null where it has none that can be drawn.</summary>
    public static double? Depth(SweepGroup group) =>
        group.Number(DepthKey) is { } depth and > 0 and <= MostDepth ? depth : null;

    private static string LabelOf(SweepGroup group, string[] keys) => string.Join(", ", keys.Where(group.Parameters.ContainsKey)
        .Select(key => group.Parameters[key].ValueKind == JsonValueKind.String
            ? group.Parameters[key].GetString()
            : $"{key[(key.LastIndexOf('.') + 1)..]}={group.Raw(key)}"));
}
