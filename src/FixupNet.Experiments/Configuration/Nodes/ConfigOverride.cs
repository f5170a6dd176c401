using System.Text;
using System.Text.RegularExpressions;

namespace FixupNet.Experiments.Configuration.Nodes;

/// <summary>One <c>key=value</c> of the command line; the value is JSON, else a string.</summary>
/// <param name="Key">The keys down to the value, joined by dots.</param>
/// <param name="Values">One value, or the several of a comma list where lists are allowed.</param>
internal sealed partial record ConfigOverride(string Key, IReadOnlyList<ConfigNode> Values)
{
    public string[] Path => Key.Split('.');

    /// <summary>Reads overrides; errors are added for those that are none.</summary>
    /// <param name="arguments">The arguments as typed.</param>
    /// <param name="allowLists">Whether <c>key=a,b</c> is a list of values; else it is the string "a,b".</param>
    /// <param name="errors">Takes the errors.</param>
    public static IReadOnlyList<ConfigOverride> Parse(IEnumerable<string> arguments, bool allowLists, ConfigErrors errors)
    {
        var overrides = new List<ConfigOverride>();
        var keys = new HashSet<string>();
        foreach (var argument in arguments)
        {
            var split = argument.IndexOf('=');
            var key = split < 0 ? argument : argument[..split];
            var shown = ConfigText.Show(key.Length > 0 ? key : argument);
            if (split < 0) errors.Add(ConfigPlace.CommandLine, shown, "is not an override; write key=value.");
            else if (!IsKey(key)) errors.Add(ConfigPlace.CommandLine, shown, "is not a key; write keys joined by dots: model.depth=110.");
            else if (!keys.Add(key)) errors.Add(ConfigPlace.CommandLine, shown, "is given twice.");
            else overrides.Add(new ConfigOverride(key, ParseValues(argument[(split + 1)..], key, allowLists, errors)));
        }
        return overrides;
    }

    /// <summary>Whether a text is keys joined by dots.</summary>
    public static bool IsKey(string text) => KeyPattern().IsMatch(text);

    private static List<ConfigNode> ParseValues(string text, string key, bool allowLists, ConfigErrors errors)
    {
        if (TryParse(text, key, errors) is { } value) return [value];
        var parts = allowLists ? SplitAtCommas(text) : [text];
        return [.. parts.Select(part => TryParse(part, key, errors) ?? Text(part))];
    }

    // Through UTF-8 and back, which replaces half surrogate pairs.
    private static ConfigScalar Text(string text) =>
        ConfigScalar.String(ConfigPlace.CommandLine, Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)));

    private static ConfigNode? TryParse(string text, string key, ConfigErrors errors)
    {
        var own = new ConfigErrors();
        var value = ConfigDocument.TryParseValue(Encoding.UTF8.GetBytes(text), ConfigPlace.CommandLine, own);
        foreach (var error in own.All)
            errors.Add(ConfigPlace.CommandLine, error.Path.Length == 0 ? ConfigText.Show(key) : $"{ConfigText.Show(key)}.{error.Path}", error.Message);
        return value;
    }

    // Commas inside brackets or quotes belong to a value.
    private static List<string> SplitAtCommas(string text)
    {
        var parts = new List<string>();
        var (start, depth, inQuotes) = (0, 0, false);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '"') inQuotes = !inQuotes;
            else if (inQuotes) continue;
            else if (text[i] is '[' or '{') depth++;
            else if (text[i] is ']' or '}') depth--;
            else if (text[i] == ',' && depth == 0)
            {
                parts.Add(text[start..i].Trim());
                start = i + 1;
            }
        }
        parts.Add(text[start..].Trim());
        return parts;
    }

    [GeneratedRegex(@"\A[A-Za-z$][A-Za-z0-9]{0,63}(\.[A-Za-z][A-Za-z0-9]{0,63}){0,9}\z")]
    private static partial Regex KeyPattern();
}
