using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using FixupNet.Experiments.Configuration.Nodes;
using FixupNet.Registries;
using Microsoft.Extensions.Configuration;

namespace FixupNet.Experiments.Configuration.Schema;

/// <summary>A closed object; bound to a positional record where it has a constructor.</summary>
/// <param name="members">Its keys, in order.</param>
/// <param name="constructor">The record's constructor, whose parameters are the members; null for an object that is never bound.</param>
internal sealed class ObjectSchema(IReadOnlyList<MemberSchema> members, ConstructorInfo? constructor) : ValueSchema
{
    /// <summary>Nobody reads more; looking for the nearest names of 100,000 keys takes seconds.</summary>
    public const int MostExplained = 1000;

    private readonly string[] _keys = [.. members.Select(member => member.Name)];
    // Not every member is a parameter: "$schema" is not.
    private readonly MemberSchema[] _parameters = [.. members.Where(member => member.Value is not SchemaVersion)];
    private readonly OptionRules? _rules =
        constructor?.DeclaringType is { } type && type.IsAssignableTo(typeof(IValidatedOptions)) ? new OptionRules() : null;

    public override string Kind => "an object";

    public IReadOnlyList<MemberSchema> Members => members;

    public override IEnumerable<string> Keys => _keys;

    /// <summary>Whether the object may be left out: every member has a default.</summary>
    public bool IsOptional => members.All(member => member.Default is not null);

    public override IEnumerable<ValueSchema> Children(string key) =>
        members.Where(member => member.Name == key).Select(member => member.Value);

    public override object Bind(IConfigurationSection section) => Construct(member => member.Value.Bind(section.GetSection(member.Name)));

    /// <summary>Makes the record out of its members' values.</summary>
    public object Construct(Func<MemberSchema, object?> valueOf) => constructor!.Invoke([.. _parameters.Select(valueOf)]);

    /// <summary>Resolves the members; <paramref name="unknown"/> words the message for a key that is not one of them.</summary>
    public ConfigObject ResolveMembers(ConfigObject given, string path, ConfigErrors errors, Func<string, ConfigPlace, string>? unknown = null)
    {
        foreach (var (key, value) in given.Members)
        {
            if (_keys.Contains(key)) continue;
            var message = errors.Count < MostExplained ? (unknown ?? UnknownKey)(key, value.Place) : "is not a known key.";
            errors.Add(value.Place, ConfigText.Join(path, key), message);
            if (errors.Count < MostExplained && value is ConfigObject) ResolveUnderMisspeltKey(key, value, given, path, errors);
        }
        var errorCount = errors.Count;
        var resolved = new List<KeyValuePair<string, ConfigNode>>(members.Count);
        foreach (var member in members)
        {
            var memberPath = ConfigText.Join(path, member.Name);
            if ((given.Find(member.Name) ?? member.Default?.Invoke(given.Place)) is { } value)
                resolved.Add(new(member.Name, member.Value.Resolve(value, memberPath, errors)));
            else errors.Add(given.Place, memberPath, $"is missing; must be {member.Value.Kind}.");
        }
        var result = new ConfigObject(given.Place, resolved);
        if (errors.Count == errorCount) _rules?.Check(this, result, path, errors);
        return result;
    }

    public override ConfigNode Written(ConfigNode resolved) => resolved is ConfigObject section ? WrittenMembers(section) : resolved;

    /// <summary>The members that stand in the text of a document.</summary>
    public ConfigObject WrittenMembers(ConfigObject resolved)
    {
        var written = new List<KeyValuePair<string, ConfigNode>>(resolved.Members.Count);
        foreach (var (key, value) in resolved.Members)
        {
            var member = members.FirstOrDefault(member => member.Name == key);
            if ((member is null ? value : member.Written(value)) is { } kept) written.Add(new(key, kept));
        }
        return new ConfigObject(resolved.Place, written);
    }

    /// <summary>What an unknown key may have meant, in brackets with a space before it, or nothing: a key here, or one of a section's.</summary>
    public string Suggestion(string key)
    {
        if (ConfigText.DidYouMean(key, _keys) is { Length: > 0 } near) return near;
        var section = members.FirstOrDefault(member => member.Value.Keys.Contains(key, StringComparer.OrdinalIgnoreCase));
        return section is null ? "" : $" (did you mean \"{section.Name}.{section.Value.Keys.First(known => known.Equals(key, StringComparison.OrdinalIgnoreCase))}\"?)";
    }

    protected override ConfigNode ResolveValue(ConfigNode given, string path, ConfigErrors errors) =>
        given is ConfigObject value ? ResolveMembers(value, path, errors) : WrongKind(given, path, errors);

    protected override JsonObject ValueToJson()
    {
        var json = new JsonObject
        {
            ["type"] = "object",
            ["additionalProperties"] = false,
            ["properties"] = new JsonObject(members.Select(member => KeyValuePair.Create(member.Name, (JsonNode?)member.ToJson()))),
        };
        var required = members.Where(member => member.Default is null).Select(member => (JsonNode)member.Name).ToArray();
        if (required.Length > 0) json["required"] = new JsonArray(required);
        return json;
    }

    // What stands below a misspelt key is held to what was meant.
    private void ResolveUnderMisspeltKey(string key, ConfigNode value, ConfigObject given, string path, ConfigErrors errors)
    {
        if (ConfigText.Nearest(key, _keys) is not { } meant || given.Find(meant) is not null) return;
        members.First(member => member.Name == meant).Value.Resolve(value, ConfigText.Join(path, key), errors);
    }

    private string UnknownKey(string key, ConfigPlace place) =>
        Suggestion(key) is { Length: > 0 } suggestion
            ? $"is not a known key{suggestion}."
            : $"is not a known key; known are {string.Join(", ", _keys)}.";
}
