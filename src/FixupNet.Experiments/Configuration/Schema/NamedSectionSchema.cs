using System.Text.Json;
using System.Text.Json.Nodes;
using FixupNet.Experiments.Configuration.Nodes;
using FixupNet.Registries;
using Microsoft.Extensions.Configuration;

namespace FixupNet.Experiments.Configuration.Schema;

/// <summary>An object whose key "name" chooses which further keys it has.</summary>
/// <param name="choices">The entries and the schema of each one's options.</param>
/// <param name="defaultName">The choice where no name is given; null where one must be.</param>
internal sealed class NamedSectionSchema(IReadOnlyList<(INamedEntry Entry, ObjectSchema Options)> choices, string? defaultName) : ValueSchema
{
    private const string NameKey = ConfigObject.NameKey;

    private readonly string[] _names = [.. choices.Select(choice => choice.Entry.Name)];

    /// <summary>Whether the name may stand for the section without options.</summary>
    public bool AllowsNameAlone { get; init; }

    public override string Kind => AllowsNameAlone ? "a name, or an object with it" : "an object";

    public override IEnumerable<string> Keys => choices.SelectMany(choice => choice.Options.Keys).Prepend(NameKey).Distinct();

    public override IEnumerable<ValueSchema> Children(string key) =>
        key == NameKey ? [new TextSchema { Allowed = _names }] : choices.SelectMany(choice => choice.Options.Children(key));

    public override object Bind(IConfigurationSection section)
    {
        var name = section[NameKey]!;
        return new NamedSection(name, choices.First(choice => choice.Entry.Name == name).Options.Bind(section));
    }

    public override ConfigNode Written(ConfigNode resolved)
    {
        if (resolved is not ConfigObject section || section.Find(NameKey) is not ConfigScalar name) return resolved;
        return choices.FirstOrDefault(choice => choice.Entry.Name == name.Text).Options?.Written(section) ?? resolved;
    }

    protected override ConfigNode ResolveValue(ConfigNode given, string path, ConfigErrors errors)
    {
        if (AllowsNameAlone && given is ConfigScalar { Kind: JsonValueKind.String }) given = ConfigObject.Named(given);
        if (given is not ConfigObject section) return WrongKind(given, path, errors);
        if ((section.Find(NameKey) ?? (defaultName is null ? null : ConfigScalar.String(section.Place, defaultName))) is not { } name)
        {
            errors.Add(section.Place, ConfigText.Join(path, NameKey), $"is missing; must be one of {string.Join(", ", _names)}.");
            return given;
        }
        var text = name is ConfigScalar { Kind: JsonValueKind.String } scalar ? scalar.Text : null;
        var options = choices.FirstOrDefault(choice => choice.Entry.Name == text).Options;
        var own = new ConfigObject(section.Place, [.. section.Members.Where(member => member.Key != NameKey)]);
        if (options is null)
        {
            new TextSchema { Allowed = _names }.Resolve(name, ConfigText.Join(path, NameKey), errors);
            ResolveOfUnknownName(text, own, path, errors);
            return given;
        }
        var resolved = options.ResolveMembers(own, path, errors, (key, place) => UnknownOption(key, place, name, options));
        return new ConfigObject(section.Place, [new(NameKey, name), .. resolved.Members]);
    }

    // Options below a misspelt name are held to those of the name that was meant, or else to what any name has.
    private void ResolveOfUnknownName(string? text, ConfigObject own, string path, ConfigErrors errors)
    {
        if (text is not null && ConfigText.Nearest(text, _names) is { } meant)
        {
            var options = choices.First(choice => choice.Entry.Name == meant).Options;
            options.ResolveMembers(own, path, errors, (key, place) => UnknownOption(key, place, ConfigScalar.String(place, meant), options));
            return;
        }
        string[] known = [.. Keys];
        foreach (var (key, value) in own.Members.Where(member => !known.Contains(member.Key)))
        {
            var suggestion = errors.Count < ObjectSchema.MostExplained ? ConfigText.DidYouMean(key, known) : "";
            errors.Add(value.Place, ConfigText.Join(path, key), $"is not an option of any of them{suggestion}.");
        }
    }

    protected override JsonObject ValueToJson()
    {
        JsonNode[] alone = AllowsNameAlone ? [new TextSchema { Allowed = _names }.ToJson()] : [];
        return new() { ["oneOf"] = new JsonArray([.. alone, .. choices.Select(ChoiceToJson)]) };
    }

    // An option may be left over from another name, set in another place: the message says which name does not know it.
    private static string UnknownOption(string key, ConfigPlace place, ConfigNode name, ObjectSchema options)
    {
        var suggestion = ConfigText.DidYouMean(key, [.. options.Keys]);
        var known = options.Keys.Any() ? $"; its options are {string.Join(", ", options.Keys)}" : "; it has none";
        var message = $"is not an option of {name.Shown}{(suggestion.Length > 0 ? suggestion : known)}.";
        var isLeftOver = place != ConfigPlace.CommandLine && place.File != name.Place.File;
        return isLeftOver ? $"{message} That name was set by {name.Place}: replace the whole section to change it." : message;
    }

    private JsonNode ChoiceToJson((INamedEntry Entry, ObjectSchema Options) choice)
    {
        var json = choice.Options.ToJson();
        json["description"] = choice.Entry.Description;
        ((JsonObject)json["properties"]!).Insert(0, NameKey, new JsonObject { ["const"] = choice.Entry.Name });
        if (choice.Entry.Name == defaultName) return json;
        if (json["required"] is JsonArray required) required.Insert(0, NameKey);
        else json["required"] = new JsonArray(NameKey);
        return json;
    }
}
