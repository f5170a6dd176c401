using System.Text.Json;
using System.Text.Json.Serialization;
using FixupNet.Runs.Metrics;

namespace FixupNet.Runs.Records;

/// <summary>The test of a trial that had the best value of a metric, the first of equals. In files the value has the name of its metric: "testAccuracy".</summary>
/// <param name="Epoch">Epochs done at that test.</param>
/// <param name="Step">Optimizer steps done at that test.</param>
/// <param name="Metric">Name of the metric.</param>
/// <param name="Value">Its value.</param>
[JsonConverter(typeof(BestResultJson))]
public sealed record BestResult(double Epoch, long Step, string Metric, double Value);

/// <summary>Spells the best test.</summary>
internal sealed class BestResultJson : JsonConverter<BestResult>
{
    private const string Test = "test";

    /// <inheritdoc/>
    public override BestResult Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        var json = document.RootElement;
        var place = json.Deserialize<Place>(options)!;
        foreach (var member in json.EnumerateObject())
        {
            if (member.Name.StartsWith(Test, StringComparison.Ordinal) && Runs.Metrics.Metric.IsName(member.Name[Test.Length..]))
                return new BestResult(place.Epoch, place.Step, JsonNamingPolicy.CamelCase.ConvertName(member.Name[Test.Length..]), member.Value.Deserialize<double>(options));
        }
        throw new JsonException("The best test has no value.");
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, BestResult value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WritePropertyName("epoch");
        JsonSerializer.Serialize(writer, value.Epoch, options);
        writer.WriteNumber("step", value.Step);
        writer.WritePropertyName(Runs.Metrics.Metric.Key(Test, value.Metric));
        JsonSerializer.Serialize(writer, value.Value, options);
        writer.WriteEndObject();
    }

    /// <summary>When the test was.</summary>
    internal sealed record Place(double Epoch, long Step);
}
