using System.Text.Json;
using System.Text.Json.Nodes;
using FixupNet.Experiments.Configuration.Nodes;

namespace FixupNet.Experiments.Configuration.Schema;

/// <summary>One key of an object.</summary>
/// <param name="Name">The key.</param>
/// <param name="Value">What it may hold.</param>
/// <param name="Default">What it holds when absent, at the place of its object; null for a key that must be given.</param>
/// <param name="Description">One line for people; may be empty.</param>
/// <param name="IsAddedLater">Whether documents recorded before know nothing of it: at its default it is left out of a document's text.</param>
internal sealed record MemberSchema(
    string Name, ValueSchema Value, Func<ConfigPlace, ConfigNode>? Default, string Description, bool IsAddedLater = false)
{
    private readonly Lazy<string?> _unwritten = new(() => IsAddedLater
        ? ConfigJson.Compact(Value.Written(Value.Resolve(Default!(ConfigPlace.CommandLine), Name, new ConfigErrors())))
        : null);

    /// <summary>What stands in the text of a resolved document; null for nothing.</summary>
    public ConfigNode? Written(ConfigNode resolved)
    {
        var written = Value.Written(resolved);
        return _unwritten.Value is { } unwritten && ConfigJson.Compact(written) == unwritten ? null : written;
    }

    public JsonObject ToJson()
    {
        var json = Value.ToJson();
        if (Description.Length > 0) json["description"] = Description;
        // The defaults of an object are those of its members.
        if (Default?.Invoke(ConfigPlace.CommandLine) is { } value and not ConfigObject) json["default"] = ToJson(value);
        return json;
    }

    private static JsonNode? ToJson(ConfigNode value)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream)) value.WriteTo(writer);
        return JsonNode.Parse(stream.ToArray());
    }
}
