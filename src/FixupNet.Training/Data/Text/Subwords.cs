using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Microsoft.ML.Tokenizers;

namespace FixupNet.Training.Data.Text;

/// <summary>The subwords of a language, or of two: a sentence becomes numbers and numbers a sentence.</summary>
/// <remarks>
/// arXiv:1508.07909. Sentences are cut by <see cref="TextPieces"/> first. Numbers 0 to 3 are <see cref="Symbols"/>'s; then come the characters that words were
/// seen to begin or go on with and to end with, then what the merges make.
/// </remarks>
public sealed partial class Subwords
{
    private const string Unknown = "<unk>";

    private static readonly string[] s_special = ["<s>", "<pad>", "</s>", Unknown];

    private readonly BpeTokenizer _tokenizer;

    // A text has few words, which come again and again.
    private readonly ConcurrentDictionary<string, IReadOnlyList<int>> _known = new(StringComparer.Ordinal);

    /// <summary>Makes a vocabulary of what was learned.</summary>
    /// <param name="characters">The characters, with or without the end mark.</param>
    /// <param name="merges">The merges in the order in which they were learned.</param>
    public Subwords(IReadOnlyList<string> characters, IReadOnlyList<(string Left, string Right)> merges)
    {
        (Characters, Merges) = (characters, merges);
        // Two merges can make one unit.
        Units = [.. s_special.Concat(characters).Concat(merges.Select(merge => merge.Left + merge.Right)).Distinct(StringComparer.Ordinal)];
        _tokenizer = BpeTokenizer.Create(new BpeOptions(Units.Select((unit, number) => KeyValuePair.Create(unit, number)))
        {
            Merges = [.. merges.Select(merge => $"{merge.Left} {merge.Right}")],
            UnknownToken = Unknown, EndOfWordSuffix = BpeLearner.EndOfWord, PreTokenizer = new RegexPreTokenizer(Words(), null),
        });
    }

    /// <summary>The characters.</summary>
    public IReadOnlyList<string> Characters { get; }

    /// <summary>The merges.</summary>
    public IReadOnlyList<(string Left, string Right)> Merges { get; }

    /// <summary>Every unit by its number.</summary>
    public IReadOnlyList<string> Units { get; }

    /// <summary>Learns the subwords of sentences.</summary>
    /// <param name="sentences">The sentences; of both languages for subwords in common.</param>
    /// <param name="mergeCount">Merges at most.</param>
    public static Subwords Learn(IEnumerable<string> sentences, int mergeCount)
    {
        var (characters, merges) = BpeLearner.Learn(BpeLearner.Count(sentences.SelectMany(TextPieces.Split)), mergeCount);
        return new Subwords(characters, merges);
    }

    /// <summary>Cuts a sentence into units.</summary>
    /// <param name="sentence">The sentence.</param>
    /// <returns>The units' numbers, <see cref="Symbols.End"/> not among them.</returns>
    public IReadOnlyList<int> Encode(string sentence) => EncodePieces(TextPieces.Split(sentence));

    /// <summary>Joins units.</summary>
    /// <param name="numbers">Their numbers; of <see cref="Symbols"/>'s only the unknown is shown, as �.</param>
    public string Decode(IEnumerable<int> numbers) => TextPieces.Join(numbers.Where(number => number >= Symbols.Unknown).Select(number =>
        number == Symbols.Unknown ? "\ufffd" : Units[number].EndsWith(BpeLearner.EndOfWord, StringComparison.Ordinal) ? Units[number][..^BpeLearner.EndOfWord.Length] : Units[number]));

    /// <summary>Cuts pieces without blanks into units.</summary>
    internal IReadOnlyList<int> EncodePieces(IEnumerable<string> pieces) => [.. pieces.SelectMany(piece => _known.GetOrAdd(piece, text => _tokenizer.EncodeToIds(text)))];

    [GeneratedRegex("[^ ]+", RegexOptions.CultureInvariant)]
    private static partial Regex Words();
}
