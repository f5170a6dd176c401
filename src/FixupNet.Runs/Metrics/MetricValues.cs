using System.Collections;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace FixupNet.Runs.Metrics;

/// <summary>Values of metrics by their names, the loss first; in files one JSON object.</summary>
/// <param name="values">Names and values; none need be finite.</param>
[JsonConverter(typeof(MetricValues.MetricValuesJson))]
public sealed class MetricValues(params IEnumerable<(string Name, double Value)> values) : IReadOnlyList<(string Name, double Value)>, IEquatable<MetricValues>
{
    private readonly (string Name, double Value)[] _values = [.. values];

    /// <summary>The value of a metric; null where there is none.</summary>
    /// <param name="name">Name of the metric.</param>
    public double? this[string name] => Array.FindIndex(_values, value => value.Name == name) is >= 0 and var place ? _values[place].Value : null;

    /// <inheritdoc/>
    public (string Name, double Value) this[int index] => _values[index];

    /// <summary>Value of the loss; NaN where there is none.</summary>
    public double Loss => this[Metric.Loss] ?? double.NaN;

    /// <inheritdoc/>
    public int Count => _values.Length;

    /// <inheritdoc/>
    public bool Equals(MetricValues? other) => other is not null && _values.SequenceEqual(other._values);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as MetricValues);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Count, Loss);

    /// <inheritdoc/>
    public override string ToString() => string.Join(", ", _values.Select(value => string.Create(CultureInfo.InvariantCulture, $"{value.Name} {value.Value}")));

    /// <inheritdoc/>
    public IEnumerator<(string Name, double Value)> GetEnumerator() => _values.AsEnumerable().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The numbers among the members of an object; members of other kinds, or of names that no metric may have, are none.</summary>
    /// <param name="json">The object.</param>
    /// <param name="isMetric">Which members are to be read; null for all.</param>
    /// <exception cref="JsonException">A number stands there twice, or there is no loss.</exception>
    internal static MetricValues Read(JsonElement json, Predicate<string>? isMetric = null)
    {
        var values = new List<(string Name, double Value)>();
        foreach (var member in json.EnumerateObject())
        {
            if (!Metric.IsName(member.Name) || isMetric?.Invoke(member.Name) == false || NumberOf(member.Value) is not { } number) continue;
            if (values.Exists(known => known.Name == member.Name)) throw new JsonException($"\"{member.Name}\" stands there twice.");
            values.Add((member.Name, number));
        }
        return values.Exists(value => value.Name == Metric.Loss) ? new MetricValues(values) : throw new JsonException($"There is no number \"{Metric.Loss}\".");
    }

    /// <summary>Writes the values as members of the object that is being written.</summary>
    /// <param name="writer">The writer.</param>
    public void WriteMembers(Utf8JsonWriter writer)
    {
        foreach (var (name, value) in _values)
        {
            if (double.IsFinite(value)) writer.WriteNumber(name, value);
            else writer.WriteString(name, value.ToString(CultureInfo.InvariantCulture));
        }
    }

    private static double? NumberOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => value.GetDouble(),
        JsonValueKind.String => value.GetString() switch
        {
            "NaN" => double.NaN,
            "Infinity" => double.PositiveInfinity,
            "-Infinity" => double.NegativeInfinity,
            _ => null,
        },
        _ => null,
    };

    /// <summary>Spells the values as one object.</summary>
    internal sealed class MetricValuesJson : JsonConverter<MetricValues>
    {
        /// <inheritdoc/>
        public override MetricValues Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            using var document = JsonDocument.ParseValue(ref reader);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? MetricValues.Read(document.RootElement)
                : throw new JsonException("Values of metrics must be an object.");
        }

        /// <inheritdoc/>
        public override void Write(Utf8JsonWriter writer, MetricValues value, JsonSerializerOptions options)
        {
            writer.WriteStartObject();
            value.WriteMembers(writer);
            writer.WriteEndObject();
        }
    }
}
