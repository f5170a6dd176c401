using System.Text.Json;
using FixupNet.Runs.Metrics;

namespace FixupNet.Reporting.Tables;

/// <summary>The columns of a table, as people read them and as programs do.</summary>
internal static class SweepTableColumns
{
    /// <summary>Rounded, in units that are easy on the eye.</summary>
    public static IReadOnlyList<SweepTableColumn> ForPeople(SweepTable table) =>
    [
        .. table.Keys.Select(key => KeyColumn(table, key)),
        new("n", true, row => $"{Count(row)}", row => Count(row)),
        .. table.Metrics.Select(metric => new SweepTableColumn(
            DisplayText.Header("test", metric), true, row => DisplayText.Statistics(row.Test(metric.Name), metric), row => row.Test(metric.Name)?.Mean)),
        new("train loss", true, row => DisplayText.Number(row.TrainLoss, "G4"), row => row.TrainLoss),
        new("first-layer gradient", true, row => DisplayText.Number(row.FirstLayerGradientNorm, "G3"), row => row.FirstLayerGradientNorm),
        new("last-layer gradient", true, row => DisplayText.Number(row.LastLayerGradientNorm, "G3"), row => row.LastLayerGradientNorm),
        new("trials", false, DisplayText.States),
        new("seconds", true, row => DisplayText.Number(row.ElapsedSeconds, row.ElapsedSeconds < 100 ? "F1" : "F0"), row => row.ElapsedSeconds),
        .. Speeds(table).Select(speed => new SweepTableColumn(
            $"{speed.Examples}/s", true, row => DisplayText.Number(speed.Of(row), speed.Of(row) < 100 ? "F1" : "F0"), speed.Of)),
        .. Waits(table).Select(of => new SweepTableColumn("waited %", true, row => DisplayText.Number(100 * of(row), "F2"), of)),
        new("peak memory", true, row => DisplayText.Bytes(row.PeakMemoryBytes), row => row.PeakMemoryBytes),
    ];

    /// <summary>Exact, one value a column, shares as fractions.</summary>
    public static IReadOnlyList<SweepTableColumn> ForPrograms(SweepTable table) =>
    [
        .. table.Keys.Select(key => KeyColumn(table, key)),
        new("seedCount", true, row => $"{row.SeedCount}"),
        .. table.Metrics.SelectMany(metric => StatisticsColumns(metric.Name)),
        new("trainLoss", true, row => Exact(row.TrainLoss)),
        new("firstLayerGradientNorm", true, row => Exact(row.FirstLayerGradientNorm)),
        new("lastLayerGradientNorm", true, row => Exact(row.LastLayerGradientNorm)),
        new("states", false, DisplayText.States),
        new("elapsedSeconds", true, row => Exact(row.ElapsedSeconds)),
        .. Speeds(table).Select(speed => new SweepTableColumn($"{speed.Examples}PerSecond", true, row => Exact(speed.Of(row)))),
        .. Waits(table).Select(of => new SweepTableColumn("waitedShare", true, row => Exact(of(row)))),
        new("peakMemoryBytes", true, row => $"{row.PeakMemoryBytes}"),
    ];

    private static int Count(SweepTableRow row) => row.Tests.Values.Select(statistics => statistics.Count).DefaultIfEmpty(0).Max();

    private static IEnumerable<SweepTableColumn> StatisticsColumns(string metric)
    {
        var key = Metric.Key("test", metric);
        yield return new($"{key}Count", true, row => $"{row.Test(metric)?.Count ?? 0}");
        yield return new($"{key}Mean", true, row => Exact(row.Test(metric)?.Mean));
        yield return new($"{key}StandardDeviation", true, row => Exact(row.Test(metric)?.StandardDeviation));
    }

    // Images as ever, and other examples where there are some.
    private static IEnumerable<(string Examples, Func<SweepTableRow, double?> Of)> Speeds(SweepTable table)
    {
        var hasOthers = table.Rows.Any(row => row.ExamplesPerSecond is not null);
        if (!hasOthers || table.Rows.Any(row => row.ImagesPerSecond is not null)) yield return ("images", row => row.ImagesPerSecond);
        if (hasOthers) yield return ("examples", row => row.ExamplesPerSecond);
    }

    // Where examples are read while networks train.
    private static IEnumerable<Func<SweepTableRow, double?>> Waits(SweepTable table) =>
        table.Rows.Any(row => row.WaitedShare is not null) ? [row => row.WaitedShare] : [];

    private static SweepTableColumn KeyColumn(SweepTable table, string key)
    {
        var isNumber = table.Rows.All(row => row.Parameters.TryGetValue(key, out var value) && value.ValueKind == JsonValueKind.Number);
        return new(key, isNumber, row => row.Parameters.TryGetValue(key, out var value) ? Text(value) : "",
            isNumber ? row => row.Parameters[key].GetDouble() : null);
    }

    private static string Text(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();

    private static string Exact(double? value) => $"{value}";
}
