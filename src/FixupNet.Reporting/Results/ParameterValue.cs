using System.Globalization;
using System.Text.Json;

namespace FixupNet.Reporting.Results;

/// <summary>Values of keys as texts that are equal exactly where the values are: 1e-1 and 0.1, 8.0 and 8.</summary>
internal static class ParameterValue
{
    // Beyond, not every whole number is a double.
    private const double LargestWhole = 1L << 53;

    /// <summary>A value as JSON in one spelling.</summary>
    public static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => Number(value),
        JsonValueKind.Array => $"[{string.Join(",", value.EnumerateArray().Select(Text))}]",
        JsonValueKind.Object => "{" + string.Join(",", value.EnumerateObject().OrderBy(member => member.Name, StringComparer.Ordinal)
            .Select(member => $"{JsonSerializer.Serialize(member.Name)}:{Text(member.Value)}")) + "}",
        _ => value.GetRawText(),
    };

    /// <summary>A value as people write it: a text without its quotation marks.</summary>
    public static string Shown(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : Text(value);

    /// <summary>A value for legends: of a choice with options, its name and then they in brackets.</summary>
    /// <param name="value">The value.</param>
    /// <returns>The label; null where the value says nothing without its key.</returns>
    public static string? Label(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.String) return value.GetString();
        if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty("name", out var name) || name.ValueKind != JsonValueKind.String) return null;
        var options = value.EnumerateObject().Where(member => member.Name != "name").Select(member => $"{member.Name}={Shown(member.Value)}").ToList();
        return options.Count == 0 ? name.GetString() : $"{name.GetString()} ({string.Join(", ", options)})";
    }

    /// <summary>Whether what a user typed means a value: it is JSON, or else a text.</summary>
    public static bool Is(JsonElement value, string typed)
    {
        if (Shown(value) == typed) return true;
        try
        {
            using var json = JsonDocument.Parse(typed);
            return Text(json.RootElement) == Text(value);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static string Number(JsonElement value)
    {
        if (value.TryGetInt64(out var whole)) return whole.ToString(CultureInfo.InvariantCulture);
        var number = value.GetDouble();
        return number == Math.Floor(number) && Math.Abs(number) <= LargestWhole
            ? ((long)number).ToString(CultureInfo.InvariantCulture)
            : number.ToString("R", CultureInfo.InvariantCulture);
    }
}
