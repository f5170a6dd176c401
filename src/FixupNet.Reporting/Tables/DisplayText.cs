using System.Globalization;
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

    /// <summary>Mean ± standard deviation in percent, without the deviation where there is none.</summary>
    public static string Percent(AccuracyStatistics? accuracy)
    {
        if (accuracy is null) return "";
        var mean = Number(accuracy.Mean * 100, "F2");
        return accuracy.StandardDeviation is { } deviation ? $"{mean} ± {Number(deviation * 100, "F2")}" : mean;
    }

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
