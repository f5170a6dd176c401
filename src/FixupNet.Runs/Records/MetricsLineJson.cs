using System.Text.Json;
using System.Text.Json.Serialization;
using FixupNet.Runs.Metrics;

namespace FixupNet.Runs.Records;

/// <summary>Spells a line of metrics: its metrics stand by their names after the split that they are of.</summary>
internal sealed class MetricsLineJson : JsonConverter<MetricsLine>
{
    private const string Split = "split";

    // No metric may have these names.
    private static readonly HashSet<string> s_others =
        [.. typeof(Members).GetConstructors()[0].GetParameters().Select(parameter => JsonNamingPolicy.CamelCase.ConvertName(parameter.Name!))];

    /// <summary>Whether a line has another member of that name.</summary>
    internal static bool IsReserved(string name) => s_others.Contains(name);

    /// <inheritdoc/>
    public override MetricsLine Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        var json = document.RootElement;
        var line = json.Deserialize<Members>(options)!;
        return new MetricsLine(
            line.Seq, line.Step, line.Epoch, line.Split, MetricValues.Read(json, name => !IsReserved(name)), line.GradientNorm, line.LearningRate, line.ImagesPerSecond,
            line.PeakMemoryBytes, line.AveragedSteps, line.ElapsedSeconds, line.TransformedGradientNorm, line.Clipped, line.ExamplesPerSecond, line.WaitedShare);
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, MetricsLine value, JsonSerializerOptions options)
    {
        var members = JsonSerializer.SerializeToElement(
            new Members(
                value.Seq, value.Step, value.Epoch, value.Split, value.GradientNorm, value.LearningRate, value.ImagesPerSecond, value.PeakMemoryBytes, value.AveragedSteps,
                value.ElapsedSeconds, value.TransformedGradientNorm, value.Clipped, value.ExamplesPerSecond, value.WaitedShare),
            options);
        writer.WriteStartObject();
        foreach (var member in members.EnumerateObject())
        {
            member.WriteTo(writer);
            if (member.NameEquals(Split)) value.Values.WriteMembers(writer);
        }
        writer.WriteEndObject();
    }

    /// <summary>All of a line but its metrics.</summary>
    internal sealed record Members(
        long Seq, long Step, double Epoch, MetricsSplit Split, double? GradientNorm = null, double? LearningRate = null, double? ImagesPerSecond = null,
        long? PeakMemoryBytes = null, int? AveragedSteps = null, double? ElapsedSeconds = null, double? TransformedGradientNorm = null,
        IReadOnlyDictionary<string, double>? Clipped = null, double? ExamplesPerSecond = null, double? WaitedShare = null);
}
