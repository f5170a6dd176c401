using System.Globalization;
using FixupNet.Runs.Metrics;
using FixupNet.Runs.Records;

namespace FixupNet.Reporting.Tables;

/// <summary>Values of a table as people read them; empty where there is none.</summary>
internal static class DisplayText
{
    private static readonly string[] ByteUnits = ["B", "KiB", "MiB", "GiB", "TiB"];

    /// <summary>A number in a .NET format; NaN, ∞ and -∞ by name.</summary>
    public static string Number(double? value, string format) => value switch
    {
        null => "",
        double.NaN => "NaN",
        double.PositiveInfinity => "∞",
        double.NegativeInfinity => "-∞",
        { } finite => finite.ToString(format, CultureInfo.InvariantCulture),
    };

    /// <summary>By what values of a metric are multiplied for people, and their .NET format: shares are in percent.</summary>
    public static (double Scale, string Format) UnitOf(Metric metric) => metric.IsShare ? (100, "F2") : (1, "G4");

    /// <summary>A value of a metric.</summary>
    public static string Value(double? value, Metric metric) => Number(value * UnitOf(metric).Scale, UnitOf(metric).Format);

    /// <summary>Mean ± standard deviation, without the deviation where there is none.</summary>
    public static string Statistics(MetricStatistics? statistics, Metric metric)
    {
        if (statistics is null) return "";
        var mean = Value(statistics.Mean, metric);
        return statistics.StandardDeviation is { } deviation ? $"{mean} ± {Value(deviation, metric)}" : mean;
    }

    /// <summary>Heading of a metric of a split: "test accuracy %".</summary>
    public static string Header(string split, Metric metric) => $"{split} {Metric.Words(metric.Name)}{(metric.IsShare ? " %" : "")}";

    /// <summary>Bytes in the largest binary unit that leaves at least 1.</summary>
    public static string Bytes(long? count)
    {
        if (count is not { } bytes) return "";
        var unit = 0;
        double value = bytes;
        for (; value >= 1024 && unit < ByteUnits.Length - 1; unit++) value /= 1024;
        return $"{Number(value, unit == 0 ? "F0" : "F1")} {ByteUnits[unit]}";
    }

    /// <summary>States of a row's trials: "completed 2/3, diverged 1/3 at step 7 in layer1.0.conv1".</summary>
    public static string States(SweepTableRow row) =>
        string.Join(", ", row.States.OrderBy(count => count.Key).Select(count => State(row, count.Key, count.Value)));

    private static string State(SweepTableRow row, TrialState state, int count)
    {
        var text = $"{state.ToString().ToLowerInvariant()} {count}/{row.SeedCount}";
        if (state == TrialState.Completed && row.DeadCount > 0) return $"{text} ({row.DeadCount} dead)";
        if (state != TrialState.Diverged || row.FirstDivergence is not { } divergence) return text;
        return $"{text} at step {divergence.Step}" + (divergence.Layer is { } layer ? $" in {layer}" : "");
    }
}
