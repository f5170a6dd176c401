using System.Text.Json;
using System.Text.Json.Nodes;

namespace FixupNet.Experiments.Configuration.Schema;

/// <summary>One key of an object.</summary>
/// <param name="Name">The key.</param>
/// <param name="Value">What it may hold.</param>
/// <param name="Default">What it holds when absent, at the place of its object; null for a key that must be given.</param>
/// <param name="Description">One line for people; may be empty.</param>
internal sealed record MemberSchema(string Name, ValueSchema Value, Func<ConfigPlace, ConfigNode>? Default, string Description)
{
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
