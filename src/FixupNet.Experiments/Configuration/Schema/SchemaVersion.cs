using System.Text.Json;
using System.Text.Json.Nodes;
using FixupNet.Experiments.Configuration.Nodes;
using Microsoft.Extensions.Configuration;

namespace FixupNet.Experiments.Configuration.Schema;

/// <summary>The key "$schema": an editor's hint, which must not name another kind or version of document.</summary>
/// <param name="document">The kind of document: "train".</param>
internal sealed class SchemaVersion(string document) : ValueSchema
{
    private readonly string _current = $"{document}.v1.json";

    public override string Kind => "a string";

    /// <summary>The member of a document of that kind.</summary>
    public static MemberSchema MemberOf(string document) =>
        new("$schema", new SchemaVersion(document), place => ConfigScalar.String(place, $"schemas/{document}.v1.json"), "");

    public override object? Bind(IConfigurationSection section) => section.Value;

    protected override ConfigNode ResolveValue(ConfigNode given, string path, ConfigErrors errors)
    {
        if (given is not ConfigScalar { Kind: JsonValueKind.String, Text: var text }) return WrongKind(given, path, errors);
        var file = text[(text.LastIndexOf('/') + 1)..];
        var isForeign = IsVersioned(file, "train") || IsVersioned(file, "sweep");
        if (isForeign && file != _current) errors.Add(given.Place, path, $"is {given.Shown}; this program reads {_current} here.");
        return ConfigScalar.String(given.Place, $"schemas/{_current}");
    }

    protected override JsonObject ValueToJson() => new() { ["type"] = "string" };

    private static bool IsVersioned(string file, string document) => file.StartsWith($"{document}.v", StringComparison.OrdinalIgnoreCase);
}
