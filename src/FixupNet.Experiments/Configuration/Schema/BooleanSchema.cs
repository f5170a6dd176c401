using System.Text.Json;
using System.Text.Json.Nodes;
using FixupNet.Experiments.Configuration.Nodes;
using Microsoft.Extensions.Configuration;

namespace FixupNet.Experiments.Configuration.Schema;

/// <summary>true or false.</summary>
internal sealed class BooleanSchema : ValueSchema
{
    public override string Kind => "true or false";

    public override object? Bind(IConfigurationSection section) => section.Get<bool?>();

    protected override ConfigNode ResolveValue(ConfigNode given, string path, ConfigErrors errors) =>
        given is ConfigScalar { Kind: JsonValueKind.True or JsonValueKind.False } ? given : WrongKind(given, path, errors);

    protected override JsonObject ValueToJson() => new() { ["type"] = "boolean" };
}
