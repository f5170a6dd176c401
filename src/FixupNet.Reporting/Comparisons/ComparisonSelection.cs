using System.Text.RegularExpressions;

namespace FixupNet.Reporting.Comparisons;

/// <summary>The trials of one side: a sweep, or those of its groups in which keys of the grid have given values.</summary>
/// <param name="Text">How the user named it.</param>
/// <param name="SweepDirectory">The sweep's folder.</param>
/// <param name="Values">Key → value, as text.</param>
public sealed partial record ComparisonSelection(string Text, string SweepDirectory, IReadOnlyDictionary<string, string> Values)
{
    /// <summary>Reads "DIR" or "DIR:key=value,key=value".</summary>
    /// <param name="text">What the user typed; a path may hold colons too.</param>
    public static ComparisonSelection Parse(string text)
    {
        if (Directory.Exists(text) || Pattern().Match(text) is not { Success: true } match)
            return new ComparisonSelection(text, text, new Dictionary<string, string>());
        var values = new Dictionary<string, string>();
        foreach (var pair in Pairs(match.Groups["values"].Value))
        {
            var parts = pair.Split('=', 2);
            if (parts.Length < 2 || parts[0].Length == 0) throw new ComparisonException($"\"{pair}\" in {text} is not key=value.");
            if (!values.TryAdd(parts[0], parts[1])) throw new ComparisonException($"{text} names {parts[0]} twice.");
        }
        return new ComparisonSelection(text, match.Groups["folder"].Value, values);
    }

    // At commas that are not within a list, an object or a text.
    private static IEnumerable<string> Pairs(string text)
    {
        var (begin, depth, isQuoted) = (0, 0, false);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '"') isQuoted = !isQuoted;
            else if (!isQuoted) depth += "[{".Contains(text[i]) ? 1 : "]}".Contains(text[i]) ? -1 : 0;
            if (text[i] != ',' || isQuoted || depth != 0) continue;
            yield return text[begin..i];
            begin = i + 1;
        }
        yield return text[begin..];
    }

    [GeneratedRegex(@"\A(?<folder>.+):(?<values>[A-Za-z][A-Za-z0-9.]*=.*)\z")]
    private static partial Regex Pattern();
}
