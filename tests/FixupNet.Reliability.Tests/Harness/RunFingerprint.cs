using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace FixupNet.Reliability.Tests.Harness;

/// <summary>What two runs of one configuration have in common to the bit, interrupted or not: weights, the optimizer's memory, position, logs, summary.</summary>
/// <remarks>Read by other means than the product's own, and without what a clock or a memory counter has to do with.</remarks>
/// <param name="Model">Hash of the latest checkpoint's weights.</param>
/// <param name="Optimizer">Hash of its optimizer's memory.</param>
/// <param name="Best">Hash of the best checkpoint's weights.</param>
/// <param name="Position">Where it stands in training, and what it has gathered.</param>
/// <param name="Metrics">metrics.jsonl.</param>
/// <param name="GradientNorms">gradient-norms.jsonl.</param>
/// <param name="Activations">activations.jsonl.</param>
/// <param name="Summary">summary.json.</param>
internal sealed record RunFingerprint(
    string Model, string Optimizer, string Best, string Position, string Metrics, string GradientNorms, string Activations, string Summary)
{
    private const string Nothing = "none";

    private static readonly string[] s_measured = ["imagesPerSecond", "peakMemoryBytes", "elapsedSeconds", "stepSeconds", "linesUntilSeconds", "arithmetic", "waitedShare", "waitedSeconds"];

    private (string Name, string Value)[] Parts =>
        [(nameof(Model), Model), (nameof(Optimizer), Optimizer), (nameof(Best), Best), (nameof(Position), Position), (nameof(Metrics), Metrics),
            (nameof(GradientNorms), GradientNorms), (nameof(Activations), Activations), (nameof(Summary), Summary)];

    /// <summary>Of a run's folder.</summary>
    internal static RunFingerprint Of(string run)
    {
        var latest = Named(run, "latest")!;
        return new RunFingerprint(
            Hash(Path.Combine(latest, "model.safetensors")),
            Hash(Path.Combine(latest, "optimizer.safetensors")),
            Named(run, "best") is { } best ? Hash(Path.Combine(best, "model.safetensors")) : Nothing,
            WithoutMeasurements(File.ReadAllText(Path.Combine(latest, "state.json"))),
            Lines(Path.Combine(run, "metrics.jsonl")),
            Lines(Path.Combine(run, "gradient-norms.jsonl")),
            Lines(Path.Combine(run, "activations.jsonl")),
            WithoutMeasurements(File.ReadAllText(Path.Combine(run, "summary.json"))));
    }

    /// <summary>What differs, or null.</summary>
    /// <param name="other">The other run's.</param>
    internal string? DifferenceTo(RunFingerprint other)
    {
        var differences = Parts.Zip(other.Parts).Where(pair => pair.First != pair.Second)
            .Select(pair => $"{pair.First.Name} differs:\n{pair.First.Value}\nagainst\n{pair.Second.Value}").ToList();
        return differences.Count == 0 ? null : string.Join("\n", differences);
    }

    private static string? Named(string run, string pointer)
    {
        var checkpoints = Path.Combine(run, "checkpoints");
        var file = Path.Combine(checkpoints, pointer);
        return File.Exists(file) ? Path.Combine(checkpoints, File.ReadAllText(file).Trim()) : null;
    }

    private static string Hash(string file) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)));

    private static string Lines(string file) => File.Exists(file) ? string.Join("\n", File.ReadAllLines(file).Select(WithoutMeasurements)) : Nothing;

    private static string WithoutMeasurements(string json)
    {
        var content = JsonNode.Parse(json)!.AsObject();
        Remove(content);
        return content.ToJsonString();
    }

    private static void Remove(JsonObject content)
    {
        foreach (var name in s_measured) content.Remove(name);
        foreach (var (_, value) in content)
            if (value is JsonObject inner) Remove(inner);
    }
}
