using System.Reflection;
using System.Runtime.Serialization;
using System.Text.Json;
using System.Text.Json.Nodes;
using FixupNet.Experiments.Configuration.Nodes;
using Microsoft.Extensions.Configuration;

namespace FixupNet.Experiments.Configuration.Schema;

/// <summary>A member of an enumeration, written in kebab case.</summary>
internal sealed class EnumSchema(Type type) : ValueSchema
{
    private readonly Dictionary<string, object> _values = Enum.GetValues(type).Cast<object>().ToDictionary(NameOf);

    public override string Kind => $"one of {string.Join(", ", _values.Keys)}";

    // Kebab case, unless the member states its own spelling, as published names such as "batchnorm" need.
    public static string NameOf(object value)
    {
        var member = value.GetType().GetField(value.ToString()!)!;
        return member.GetCustomAttribute<EnumMemberAttribute>()?.Value ?? JsonNamingPolicy.KebabCaseLower.ConvertName(member.Name);
    }

    public override object? Bind(IConfigurationSection section) => section.Value is { } name ? _values[name] : null;

    protected override ConfigNode ResolveValue(ConfigNode given, string path, ConfigErrors errors)
    {
        if (given is not ConfigScalar { Kind: JsonValueKind.String, Text: var name }) return WrongKind(given, path, errors);
        if (!_values.ContainsKey(name)) errors.Add(given.Place, path, $"is {given.Shown}; {ConfigText.OneOf(name, [.. _values.Keys])}.");
        return given;
    }

    protected override JsonObject ValueToJson() => new() { ["enum"] = new JsonArray([.. _values.Keys.Select(name => (JsonNode)name)]) };
}
