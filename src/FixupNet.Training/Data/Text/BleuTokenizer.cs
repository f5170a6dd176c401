using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace FixupNet.Training.Data.Text;

/// <summary>The tokenizer "13a" of sacreBLEU, by which BLEU scores can be compared.</summary>
/// <remarks>mteval-v13a's for western languages, in the form of sacreBLEU 2.6: nothing beyond ASCII is cut from its word.</remarks>
public static partial class BleuTokenizer
{
    private static readonly (string Entity, string Symbol)[] s_entities = [("&quot;", "\""), ("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">")];

    /// <summary>Cuts a segment into tokens.</summary>
    /// <param name="segment">A sentence or more.</param>
    /// <param name="lowercase">Whether case is dropped first.</param>
    public static IReadOnlyList<string> Tokenize(string segment, bool lowercase = false)
    {
        var line = TrimEnd(lowercase ? Lower(segment) : segment);
        line = line.Replace("<skipped>", "", StringComparison.Ordinal).Replace("-\n", "", StringComparison.Ordinal).Replace('\n', ' ');
        foreach (var (entity, symbol) in s_entities) line = line.Replace(entity, symbol, StringComparison.Ordinal);
        line = AsciiSymbols().Replace($" {line} ", " $1 ");
        line = PointAfterOther().Replace(line, "$1 $2 ");
        line = PointBeforeOther().Replace(line, " $1 $2");
        return Words(HyphenAfterDigit().Replace(line, "$1 $2 "));
    }

    [GeneratedRegex(@"([ -&(-+/:-@\[-`{-~])", RegexOptions.CultureInvariant)]
    private static partial Regex AsciiSymbols();

    [GeneratedRegex("([^0-9])([.,])", RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex PointAfterOther();

    [GeneratedRegex("([.,])([^0-9])", RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex PointBeforeOther();

    [GeneratedRegex("([0-9])(-)", RegexOptions.CultureInvariant)]
    private static partial Regex HyphenAfterDigit();

    // White space is Python's, which counts four separators of ASCII beside Unicode's.
    private static bool IsSpace(char symbol) => char.IsWhiteSpace(symbol) || symbol is >= '\x1c' and <= '\x1f';

    private static string TrimEnd(string text)
    {
        var end = text.Length;
        while (end > 0 && IsSpace(text[end - 1])) end--;
        return text[..end];
    }

    private static List<string> Words(string line)
    {
        var (words, start) = (new List<string>(), -1);
        for (var i = 0; i <= line.Length; i++)
        {
            var isBlank = i == line.Length || IsSpace(line[i]);
            if (!isBlank && start < 0) start = i;
            if (!isBlank || start < 0) continue;
            words.Add(line[start..i]);
            start = -1;
        }
        return words;
    }

    // Python's lower(): as .NET's but for a capital dotted I, which becomes two, and a sigma that ends a word.
    private static string Lower(string text)
    {
        var lower = text.ToLowerInvariant();
        if (!text.Contains('\u03a3') && !text.Contains('\u0130')) return lower;
        var built = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\u0130') built.Append("i\u0307");
            else built.Append(text[i] == '\u03a3' && EndsWord(text, i) ? '\u03c2' : lower[i]);
        }
        return built.ToString();
    }

    // Unicode's Final_Sigma: a letter with case before, none behind, marks and the like aside.
    private static bool EndsWord(string text, int place)
    {
        var (before, behind) = (place - 1, place + 1);
        while (before >= 0 && IsIgnored(text[before])) before--;
        while (behind < text.Length && IsIgnored(text[behind])) behind++;
        return before >= 0 && IsCased(text[before]) && !(behind < text.Length && IsCased(text[behind]));
    }

    private static bool IsCased(char symbol) => char.IsUpper(symbol) || char.IsLower(symbol) || CharUnicodeInfo.GetUnicodeCategory(symbol) == UnicodeCategory.TitlecaseLetter;

    private static bool IsIgnored(char symbol) => symbol is '\'' or '.' or ':' or '\u00b7' or '\u2019' || CharUnicodeInfo.GetUnicodeCategory(symbol)
        is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format or UnicodeCategory.ModifierLetter or UnicodeCategory.ModifierSymbol;
}
