using System.Text.RegularExpressions;

namespace FixupNet.Training.Data.Text;

/// <summary>Cuts a sentence into words, digits and marks so that joining them gives the sentence back: no detokenizer is needed, nor may one be guessed.</summary>
/// <remarks>A blank is shown as ▁ and goes with what follows it, as in SentencePiece (arXiv:1808.06226).</remarks>
public static partial class TextPieces
{
    private const char Blank = '\u2581';

    // Stands before what a ▁ or itself is written as, where a sentence has one.
    private const char Escape = '\uE000';

    /// <summary>Cuts a sentence.</summary>
    /// <param name="sentence">Any text.</param>
    /// <returns>Pieces without blanks, of which <see cref="Join"/> makes the sentence again.</returns>
    public static IReadOnlyList<string> Split(string sentence)
    {
        var escaped = sentence.Replace($"{Escape}", $"{Escape}e", StringComparison.Ordinal).Replace($"{Blank}", $"{Escape}b", StringComparison.Ordinal);
        return [.. Pieces().Matches(escaped).Select(piece => piece.Value.Replace(' ', Blank))];
    }

    /// <summary>Joins pieces.</summary>
    /// <param name="pieces">What <see cref="Split"/> gave, or any part of it.</param>
    public static string Join(IEnumerable<string> pieces) => string.Concat(pieces).Replace(Blank, ' ')
        .Replace($"{Escape}b", $"{Blank}", StringComparison.Ordinal).Replace($"{Escape}e", $"{Escape}", StringComparison.Ordinal);

    [GeneratedRegex(@" ?[\p{L}\p{M}]+| ?\p{N}| ?[\uD800-\uDBFF][\uDC00-\uDFFF]| ?[^\s\p{L}\p{N}]|\s", RegexOptions.CultureInvariant)]
    private static partial Regex Pieces();
}
