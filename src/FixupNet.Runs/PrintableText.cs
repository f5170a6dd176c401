using System.Globalization;
using System.Text;

namespace FixupNet.Runs;

/// <summary>Text from a file, a server or a command line as messages, tables and terminals may show it: nothing in it acts, nothing
/// hides.</summary>
/// <remarks>What is not printable is spelled as in JSON, <c>\u001b</c>: control characters, line separators, characters that make a reader
/// see letters in another order than they are in, and halves of surrogate pairs.</remarks>
public static class PrintableText
{
    /// <summary>The text on one line.</summary>
    /// <param name="text">Any text.</param>
    public static string Of(string text) => Escaped(text, keepsLineFeeds: false);

    /// <summary>The text on as many lines as it has line feeds.</summary>
    /// <param name="text">Any text.</param>
    public static string Lines(string text) => Escaped(text, keepsLineFeeds: true);

    /// <summary>The beginning of the text on one line, with "..." where more follows.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="characters">The most characters of it to show.</param>
    public static string Shortened(string text, int characters) => text.Length <= characters ? Of(text) : Of(text[..characters]) + "...";

    private static string Escaped(string text, bool keepsLineFeeds)
    {
        var plain = text.AsSpan().IndexOfAnyExceptInRange(' ', '~');
        if (plain < 0) return text;
        var shown = new StringBuilder(text, 0, plain, text.Length + 16);
        for (var at = plain; at < text.Length;)
        {
            var isWhole = Rune.TryGetRuneAt(text, at, out var rune);
            var length = isWhole ? rune.Utf16SequenceLength : 1;
            if (isWhole && (IsPrintable(rune) || (keepsLineFeeds && rune.Value == '\n'))) shown.Append(text, at, length);
            else foreach (var unit in text.AsSpan(at, length)) shown.Append(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}");
            at += length;
        }
        return shown.ToString();
    }

    private static bool IsPrintable(Rune rune) =>
        !Rune.IsControl(rune)
        && Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
        && rune.Value is not (0x061C or 0x200E or 0x200F or (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069) or 0xFEFF or 0xFFFE or 0xFFFF);
}
