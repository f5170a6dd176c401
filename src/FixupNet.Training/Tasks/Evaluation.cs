using System.Text.Json;
using System.Text.Json.Serialization;
using FixupNet.Runs.Metrics;

namespace FixupNet.Training.Tasks;

/// <summary>What was measured on a whole split. In JSON the metrics stand beside the number of examples.</summary>
/// <param name="Values">Values of the task's metrics.</param>
/// <param name="ExampleCount">Examples seen.</param>
[JsonConverter(typeof(EvaluationJson))]
public sealed record Evaluation(MetricValues Values, int ExampleCount)
{
    /// <summary>Value of the loss.</summary>
    public double Loss => Values.Loss;
}

/// <summary>Spells an evaluation, which is only written.</summary>
internal sealed class EvaluationJson : JsonConverter<Evaluation>
{
    /// <inheritdoc/>
    public override Evaluation Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Evaluation value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        value.Values.WriteMembers(writer);
        writer.WriteNumber("exampleCount", value.ExampleCount);
        writer.WriteEndObject();
    }
}
