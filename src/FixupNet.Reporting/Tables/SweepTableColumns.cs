using System.Text.Json;

namespace FixupNet.Reporting.Tables;

/// <summary>The columns of a table, as people read them and as programs do.</summary>
internal static class SweepTableColumns
{
    /// <summary>Rounded, in units that are easy on the eye.</summary>
    public static IReadOnlyList<SweepTableColumn> ForPeople(SweepTable table) =>
    [
        .. table.Keys.Select(key => KeyColumn(table, key)),
        new("n", true, row => $"{row.TestAccuracy?.Count ?? 0}", row => row.TestAccuracy?.Count ?? 0),
        new("test accuracy %", true, row => DisplayText.Percent(row.TestAccuracy), row => row.TestAccuracy?.Mean),
        new("train loss", true, row => DisplayText.Number(row.TrainLoss, "G4"), row => row.TrainLoss),
        new("first-layer gradient", true, row => DisplayText.Number(row.FirstLayerGradientNorm, "G3"), row => row.FirstLayerGradientNorm),
        new("last-layer gradient", true, row => DisplayText.Number(row.LastLayerGradientNorm, "G3"), row => row.LastLayerGradientNorm),
        new("trials", false, DisplayText.States),
        new("seconds", true, row => DisplayText.Number(row.ElapsedSeconds, row.ElapsedSeconds < 100 ? "F1" : "F0"), row => row.ElapsedSeconds),
        new("images/s", true, row => DisplayText.Number(row.ImagesPerSecond, row.ImagesPerSecond < 100 ? "F1" : "F0"), row => row.ImagesPerSecond),
        new("peak memory", true, row => DisplayText.Bytes(row.PeakMemoryBytes), row => row.PeakMemoryBytes),
    ];

    /// <summary>Exact, one value a column, accuracy as a fraction.</summary>
    public static IReadOnlyList<SweepTableColumn> ForPrograms(SweepTable table) =>
    [
        .. table.Keys.Select(key => KeyColumn(table, key)),
        new("seedCount", true, row => $"{row.SeedCount}"),
        new("testAccuracyCount", true, row => $"{row.TestAccuracy?.Count ?? 0}"),
        new("testAccuracyMean", true, row => Exact(row.TestAccuracy?.Mean)),
        new("testAccuracyStandardDeviation", true, row => Exact(row.TestAccuracy?.StandardDeviation)),
        new("trainLoss", true, row => Exact(row.TrainLoss)),
        new("firstLayerGradientNorm", true, row => Exact(row.FirstLayerGradientNorm)),
        new("lastLayerGradientNorm", true, row => Exact(row.LastLayerGradientNorm)),
        new("states", false, DisplayText.States),
        new("elapsedSeconds", true, row => Exact(row.ElapsedSeconds)),
        new("imagesPerSecond", true, row => Exact(row.ImagesPerSecond)),
        new("peakMemoryBytes", true, row => $"{row.PeakMemoryBytes}"),
    ];

    private static SweepTableColumn KeyColumn(SweepTable table, string key)
    {
        var isNumber = table.Rows.All(row => row.Parameters.TryGetValue(key, out var value) && value.ValueKind == JsonValueKind.Number);
        return new(key, isNumber, row => row.Parameters.TryGetValue(key, out var value) ? Text(value) : "",
            isNumber ? row => row.Parameters[key].GetDouble() : null);
    }

    private static string Text(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();

    private static string Exact(double? value) => $"{value}";
}
