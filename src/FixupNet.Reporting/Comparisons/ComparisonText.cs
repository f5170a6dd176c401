using System.Globalization;
using System.Text.Json;
using FixupNet.Reporting.Statistics;

namespace FixupNet.Reporting.Comparisons;

/// <summary>Numbers of comparisons as people read them; empty where there is none.</summary>
public static class ComparisonText
{
    /// <summary>By what a metric's numbers are multiplied, and their .NET format: shares are in percent.</summary>
    /// <param name="report">The comparisons of the metric.</param>
    public static (double Scale, string Format) Unit(ComparisonReport report) => report.IsShare ? (100, "F2") : (1, "G4");

    /// <summary>The value of a key in a comparison, a text without its quotation marks.</summary>
    /// <param name="row">The comparison.</param>
    /// <param name="key">The key.</param>
    public static string Value(ComparisonRow row, string key) => !row.Parameters.TryGetValue(key, out var value) ? ""
        : value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();

    /// <summary>Whether all values of a key are numbers, which align to the right.</summary>
    /// <param name="report">The comparisons.</param>
    /// <param name="key">The key.</param>
    public static bool IsNumber(ComparisonReport report, string key) =>
        report.Rows.All(row => row.Parameters.TryGetValue(key, out var value) && value.ValueKind == JsonValueKind.Number);

    /// <summary>Mean ± standard deviation, without the deviation where there is none.</summary>
    /// <param name="side">One side of a comparison.</param>
    /// <param name="unit">The metric's unit.</param>
    public static string Mean(ComparisonSide side, (double Scale, string Format) unit) => side.Mean is not { } mean ? ""
        : side.StandardDeviation is { } deviation ? $"{Number(mean, unit)} ± {Number(deviation, unit)}"
        : Number(mean, unit);

    /// <summary>A number with its sign.</summary>
    /// <param name="value">The number, in the metric's own unit.</param>
    /// <param name="unit">The unit to show it in.</param>
    public static string Signed(double? value, (double Scale, string Format) unit) => value is { } number ? (number > 0 ? "+" : "") + Number(number, unit) : "";

    /// <summary>The ends of an interval with their signs.</summary>
    /// <param name="interval">The interval, in the metric's own unit.</param>
    /// <param name="unit">The unit to show it in.</param>
    public static string Range(Interval? interval, (double Scale, string Format) unit) =>
        interval is null ? "" : $"[{Signed(interval.Low, unit)}, {Signed(interval.High, unit)}]";

    /// <summary>A number.</summary>
    /// <param name="value">The number, in the metric's own unit.</param>
    /// <param name="unit">The unit to show it in.</param>
    public static string Number(double value, (double Scale, string Format) unit) => (value * unit.Scale).ToString(unit.Format, CultureInfo.InvariantCulture);

    /// <summary>A p-value.</summary>
    /// <param name="p">The p-value, in [0, 1].</param>
    public static string PValue(double? p) => p switch
    {
        null => "",
        < 0.0001 => p.Value.ToString("0.0e-0", CultureInfo.InvariantCulture),
        _ => p.Value.ToString("F4", CultureInfo.InvariantCulture),
    };

    /// <summary>Heading of the column of intervals.</summary>
    /// <param name="confidence">Their confidence, in (0, 1).</param>
    public static string Interval(double confidence) => $"{confidence * 100:0.#} % interval";

    /// <summary>Heading of the column of corrected p-values.</summary>
    /// <param name="correction">The correction.</param>
    public static string Corrected(Correction correction) => $"p ({correction.ToString().ToLowerInvariant()})";
}
