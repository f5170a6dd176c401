using System.Text.Json;
using System.Text.Json.Nodes;
using FixupNet.Experiments.Configuration.Nodes;
using FixupNet.Methods;
using FixupNet.Registries;
using Microsoft.Extensions.Configuration;

namespace FixupNet.Experiments.Configuration.Schema;

/// <summary>A method: its name alone, or an object of its name and options.</summary>
internal sealed class MethodSchema : ValueSchema
{
    private readonly NamedSectionSchema _section;
    private readonly Registry<MethodEntry> _methods;
    private readonly TextSchema _name;

    /// <summary>Creates the schema.</summary>
    /// <param name="methods">The methods; the first one is the default.</param>
    /// <param name="recordOf">The schema of a record.</param>
    public MethodSchema(Registry<MethodEntry> methods, Func<Type, ObjectSchema> recordOf)
    {
        _methods = methods;
        _name = new TextSchema { Allowed = methods.Names };
        _section = new NamedSectionSchema([.. methods.Select(entry => ((INamedEntry)entry, recordOf(entry.OptionsType)))], DefaultName);
    }

    /// <summary>The method where none is named.</summary>
    public string DefaultName => _methods.Names[0];

    public override string Kind => "a method's name, or an object with it";

    public override IEnumerable<string> Keys => _section.Keys;

    public override IEnumerable<ValueSchema> Children(string key) => _section.Children(key);

    public override object Bind(IConfigurationSection section) =>
        section.Value is { } name ? _methods[name].Method : ((NamedSection)_section.Bind(section)).Options;

    public override ConfigNode Written(ConfigNode resolved) => _section.Written(resolved);

    // The name alone stands for its default options, so that equal methods are equal documents.
    protected override ConfigNode ResolveValue(ConfigNode given, string path, ConfigErrors errors)
    {
        if (given is ConfigScalar { Kind: JsonValueKind.String }) return _name.Resolve(given, path, errors);
        if (given is not ConfigObject section) return WrongKind(given, path, errors);
        var errorCount = errors.Count;
        var resolved = _section.Resolve(section, path, errors);
        if (errors.Count > errorCount) return given;
        var name = ((ConfigObject)resolved).Find("name") ?? throw new InvalidOperationException("A resolved method has a name.");
        var byName = _section.Resolve(new ConfigObject(given.Place, [new("name", name)]), path, errors);
        return ConfigJson.Compact(resolved) == ConfigJson.Compact(byName) ? name : resolved;
    }

    protected override JsonObject ValueToJson()
    {
        var choices = (JsonArray)_section.ToJson()["oneOf"]!.DeepClone();
        choices.Insert(0, _name.ToJson());
        return new JsonObject { ["oneOf"] = choices };
    }
}
