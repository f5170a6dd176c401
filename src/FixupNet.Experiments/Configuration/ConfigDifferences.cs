using System.Text;
using FixupNet.Experiments.Configuration.Nodes;

namespace FixupNet.Experiments.Configuration;

/// <summary>Tells two resolved documents apart.</summary>
public static class ConfigDifferences
{
    // Nobody reads more.
    private const int Shown = 8;

    /// <summary>The keys of which two documents have different values, and the values.</summary>
    /// <param name="here">A resolved document.</param>
    /// <param name="there">Another one.</param>
    /// <returns>Such as "model.depth is 20 there and 56 here, seed is 1 there and 2 here".</returns>
    public static string Describe(string here, string there)
    {
        var (values, others) = (Values(here), Values(there));
        var keys = values.Keys.Union(others.Keys).Where(key => !Equals(values.GetValueOrDefault(key)?.ValueKey, others.GetValueOrDefault(key)?.ValueKey)).ToList();
        var shown = keys.Take(Shown).Select(key => $"{ConfigText.Show(key)} is {Text(others, key)} there and {Text(values, key)} here");
        return string.Join(", ", shown) + (keys.Count > Shown ? $" and {keys.Count - Shown} more" : "");
    }

    private static string Text(OrderedDictionary<string, ConfigNode> values, string key) => values.TryGetValue(key, out var value)
        ? value is ConfigArray array ? ConfigText.Show(ConfigJson.Compact(array)) : value.Shown
        : "not set";

    private static OrderedDictionary<string, ConfigNode> Values(string json)
    {
        var values = new OrderedDictionary<string, ConfigNode>();
        if (ConfigDocument.Parse(Encoding.UTF8.GetBytes(json), "", new ConfigErrors()) is { } document) Add(document, "", values);
        return values;
    }

    private static void Add(ConfigObject section, string path, OrderedDictionary<string, ConfigNode> values)
    {
        foreach (var (key, value) in section.Members)
        {
            var name = path.Length == 0 ? key : $"{path}.{key}";
            if (value is ConfigObject inner) Add(inner, name, values);
            else values[name] = value;
        }
    }
}
