using System.Text.Json.Nodes;
using FixupNet.Experiments.Configuration.Nodes;
using FixupNet.Registries;
using Microsoft.Extensions.Configuration;

namespace FixupNet.Experiments.Configuration.Schema;

/// <summary>The section "initialization": a scheme's name or null, the options of that scheme, and a file of weights.</summary>
internal sealed class InitializationSchema : ValueSchema
{
    private const string NameKey = "name";
    private const string WeightsMeaning = "must name a file; null: none";

    private static readonly TextSchema s_file = new() { AllowsNull = true, IsPath = true, Pattern = @"[^\u0000-\u001f\u007f-\u009f]+", PatternMeaning = WeightsMeaning };
    private static readonly MemberSchema s_weights = new("weights", s_file, ConfigScalar.Null, "A .safetensors file to start from.");

    private readonly IReadOnlyList<(INamedEntry Entry, ObjectSchema Options)> _schemes;
    private readonly NamedSectionSchema _named;
    private readonly ObjectSchema _unnamed;

    /// <summary>Creates the schema.</summary>
    /// <param name="schemes">The schemes and the schema of each one's options.</param>
    public InitializationSchema(IReadOnlyList<(INamedEntry Entry, ObjectSchema Options)> schemes)
    {
        _schemes = schemes;
        _named = new NamedSectionSchema([.. schemes.Select(scheme => (scheme.Entry, new ObjectSchema([.. scheme.Options.Members, s_weights], null)))], "");
        var name = new TextSchema { AllowsNull = true, Allowed = [.. schemes.Select(scheme => scheme.Entry.Name)] };
        _unnamed = new ObjectSchema([new(NameKey, name, ConfigScalar.Null, "Initialization scheme; null: the one that suits the model."), s_weights], null);
    }

    public override string Kind => "an object";

    public override IEnumerable<string> Keys => _named.Keys;

    public override IEnumerable<ValueSchema> Children(string key) => key == NameKey ? _unnamed.Children(key) : _named.Children(key);

    public override object Bind(IConfigurationSection section)
    {
        var weights = (string?)s_file.Bind(section.GetSection(s_weights.Name));
        var scheme = _schemes.FirstOrDefault(scheme => scheme.Entry.Name == section[NameKey]);
        return new InitializationConfig(scheme.Options is null ? null : new NamedSection(scheme.Entry.Name, scheme.Options.Bind(section)), weights);
    }

    public override ConfigNode Written(ConfigNode resolved) => IsNamed(resolved) ? _named.Written(resolved) : _unnamed.Written(resolved);

    protected override ConfigNode ResolveValue(ConfigNode given, string path, ConfigErrors errors)
    {
        if (given is not ConfigObject section) return WrongKind(given, path, errors);
        if (!IsNamed(given)) return _unnamed.ResolveMembers(section, path, errors, UnknownKey);
        var errorCount = errors.Count;
        var resolved = _named.Resolve(given, path, errors);
        if (errors.Count > errorCount || resolved is not ConfigObject named) return resolved;
        // What a scheme's options state about each other.
        var options = _schemes.First(scheme => scheme.Entry.Name == ((ConfigScalar)named.Find(NameKey)!).Text).Options;
        options.ResolveMembers(new ConfigObject(named.Place, [.. named.Members.Where(member => options.Keys.Contains(member.Key))]), path, errors);
        return resolved;
    }

    protected override JsonObject ValueToJson()
    {
        var unnamed = _unnamed.ToJson();
        ((JsonObject)unnamed["properties"]![NameKey]!).Remove("enum");
        unnamed["properties"]![NameKey]!["type"] = "null";
        var choices = (JsonArray)_named.ToJson()["oneOf"]!.DeepClone();
        choices.Insert(0, unnamed);
        return new JsonObject { ["oneOf"] = choices };
    }

    private static bool IsNamed(ConfigNode given) => given is ConfigObject section && section.Find(NameKey) is { IsNull: false };

    private string UnknownKey(string key, ConfigPlace place) => _named.Keys.Contains(key)
        ? "is an option of a scheme; name the scheme in initialization.name."
        : _unnamed.Suggestion(key) is { Length: > 0 } suggestion ? $"is not a known key{suggestion}." : $"is not a known key; known are {NameKey}, {s_weights.Name}.";
}
