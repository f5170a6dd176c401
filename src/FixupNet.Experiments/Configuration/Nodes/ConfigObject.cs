using System.Text.Json;

namespace FixupNet.Experiments.Configuration.Nodes;

/// <summary>An object; its members keep the order they were written in.</summary>
internal sealed class ConfigObject(ConfigPlace place, IReadOnlyList<KeyValuePair<string, ConfigNode>> members) : ConfigNode(place)
{
    public IReadOnlyList<KeyValuePair<string, ConfigNode>> Members { get; } = members;

    public override string Shown => "an object";

    /// <summary>The key of what stands for a whole section where nothing else of it is said.</summary>
    public const string NameKey = "name";

    public static ConfigObject Empty(ConfigPlace place) => new(place, []);

    /// <summary>The section that a name alone stands for.</summary>
    public static ConfigObject Named(ConfigNode name) => new(name.Place, [new(NameKey, name)]);

    public ConfigNode? Find(string key)
    {
        foreach (var member in Members)
        {
            if (member.Key == key) return member.Value;
        }
        return null;
    }

    /// <summary>The value at the end of a path of keys, or null where the path ends early.</summary>
    public ConfigNode? Find(ReadOnlySpan<string> path)
    {
        var child = Find(path[0]);
        return path.Length == 1 ? child : (child as ConfigObject)?.Find(path[1..]);
    }

    /// <summary>A copy in which the value at a path is replaced, never merged; objects on the way are created, and a name on the way becomes an object of that name.</summary>
    public ConfigObject With(ReadOnlySpan<string> path, ConfigNode value)
    {
        var key = path[0];
        if (path.Length > 1)
        {
            var child = Find(key) switch
            {
                ConfigObject section => section,
                ConfigScalar { Kind: JsonValueKind.String } name => Named(name),
                _ => Empty(value.Place),
            };
            value = child.With(path[1..], value);
        }
        var members = new List<KeyValuePair<string, ConfigNode>>(Members.Count + 1);
        var replaced = false;
        foreach (var member in Members)
        {
            replaced |= member.Key == key;
            members.Add(member.Key == key ? new(key, value) : member);
        }
        if (!replaced) members.Add(new(key, value));
        return new ConfigObject(Place, members);
    }

    public override void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        foreach (var (key, value) in Members)
        {
            writer.WritePropertyName(key);
            value.WriteTo(writer);
        }
        writer.WriteEndObject();
    }

    public override IEnumerable<KeyValuePair<string, string?>> Settings(string key) =>
        Members.SelectMany(member => member.Value.Settings($"{key}:{member.Key}"));

    public override string ValueKey
    {
        get
        {
            var members = Members.OrderBy(member => member.Key, StringComparer.Ordinal);
            return $"{{{string.Join(',', members.Select(member => $"\"{member.Key}\":{member.Value.ValueKey}"))}}}";
        }
    }
}
