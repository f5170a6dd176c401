using System.Text.Json.Nodes;
using FixupNet.Experiments.Configuration.Nodes;
using Microsoft.Extensions.Configuration;

namespace FixupNet.Experiments.Configuration.Schema;

/// <summary>What one value may be: validates it, binds it, and describes itself as JSON Schema.</summary>
internal abstract class ValueSchema
{
    /// <summary>Whether null is allowed.</summary>
    public bool AllowsNull { get; init; }

    /// <summary>What the value must be, for messages: "an integer".</summary>
    public abstract string Kind { get; }

    /// <summary>Checks a value and completes it: defaults filled in, numbers in one spelling, keys in schema order.</summary>
    /// <returns>The completed value; where errors were added, something near it.</returns>
    public ConfigNode Resolve(ConfigNode given, string path, ConfigErrors errors)
    {
        if (!given.IsNull) return ResolveValue(given, path, errors);
        if (!AllowsNull) errors.Add(given.Place, path, $"is null; must be {Kind}.");
        return given;
    }

    /// <summary>What stands in the text of a document, of a resolved, valid value: all of it but later additions at their defaults.</summary>
    public virtual ConfigNode Written(ConfigNode resolved) => resolved;

    /// <summary>Makes the value of the record's parameter out of a resolved, valid document.</summary>
    public abstract object? Bind(IConfigurationSection section);

    /// <summary>The JSON Schema of the value, null allowed or not.</summary>
    public JsonObject ToJson()
    {
        var json = ValueToJson();
        if (!AllowsNull) return json;
        if (json["enum"] is JsonArray allowed) allowed.Add(null);
        if (json["type"] is JsonValue type) json["type"] = new JsonArray(type.GetValue<string>(), "null");
        return json;
    }

    /// <summary>The schemas a key below this value may have: several where a name decides.</summary>
    public virtual IEnumerable<ValueSchema> Children(string key) => [];

    /// <summary>The keys that may stand below this value.</summary>
    public virtual IEnumerable<string> Keys => [];

    protected abstract ConfigNode ResolveValue(ConfigNode given, string path, ConfigErrors errors);

    protected abstract JsonObject ValueToJson();

    protected ConfigNode WrongKind(ConfigNode given, string path, ConfigErrors errors)
    {
        errors.Add(given.Place, path, $"is {given.Shown}; must be {Kind}.");
        return given;
    }
}
