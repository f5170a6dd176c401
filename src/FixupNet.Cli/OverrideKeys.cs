using System.Text.Json.Nodes;
using FixupNet.Experiments.Configuration;

namespace FixupNet.Cli;

/// <summary>The keys that "key=value" may name, for shells to complete.</summary>
internal static class OverrideKeys
{
    /// <summary>Every key of a train document with its section: "model.depth=".</summary>
    /// <param name="registries">The named choices.</param>
    public static IEnumerable<string> All(ConfigRegistries registries) => Below(TrainDocument.Schema(registries), "").Distinct();

    private static IEnumerable<string> Below(JsonNode schema, string path)
    {
        foreach (var choice in schema["oneOf"] as JsonArray ?? [])
            if (choice is JsonObject) foreach (var key in Below(choice, path)) yield return key;
        foreach (var (name, member) in schema["properties"] as JsonObject ?? [])
        {
            if (name == "$schema" || member is null) continue;
            List<string> inner = [.. Below(member, $"{path}{name}.")];
            foreach (var key in inner.Count > 0 ? inner : [$"{path}{name}="]) yield return key;
        }
    }
}
