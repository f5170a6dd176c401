using System.Text.Json.Nodes;
using FixupNet.Experiments.Configuration.Nodes;
using Microsoft.Extensions.Configuration;

namespace FixupNet.Experiments.Configuration.Schema;

/// <summary>A value of which only the kind is checked here; a reader of its own checks the rest and nothing binds it.</summary>
/// <param name="kind">The kind, for messages.</param>
/// <param name="isOfKind">Whether a value is of that kind.</param>
/// <param name="json">The JSON Schema of the value.</param>
internal sealed class ShapeSchema(string kind, Func<ConfigNode, bool> isOfKind, JsonObject json) : ValueSchema
{
    public override string Kind => kind;

    public override object? Bind(IConfigurationSection section) => throw new NotSupportedException("A shape is not bound.");

    protected override ConfigNode ResolveValue(ConfigNode given, string path, ConfigErrors errors) =>
        isOfKind(given) ? given : WrongKind(given, path, errors);

    protected override JsonObject ValueToJson() => (JsonObject)json.DeepClone();
}
