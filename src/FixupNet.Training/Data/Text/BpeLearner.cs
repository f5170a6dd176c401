using System.Text;

namespace FixupNet.Training.Data.Text;

/// <summary>Learns the merges of byte-pair encoding from words, by the rule of subword-nmt 0.2.</summary>
/// <remarks>
/// arXiv:1508.07909. A word is its characters, the last with an end mark; again and again the most frequent pair of neighbours becomes one unit, of
/// equally frequent ones the pair that is greater in the order of code points. It ends at the number asked for, or where no pair occurs twice.
/// </remarks>
public sealed class BpeLearner
{
    /// <summary>What the last unit of a word ends with.</summary>
    public const string EndOfWord = "</w>";

    private readonly List<string> _units = [];
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly List<(int[] Units, int Count)> _words = [];
    private readonly Dictionary<(int Left, int Right), Pair> _pairs = [];

    private sealed class Pair
    {
        internal long Count;
        internal readonly HashSet<int> Words = [];
    }

    private BpeLearner(IEnumerable<KeyValuePair<string, int>> words)
    {
        foreach (var (word, count) in words)
        {
            var characters = word.EnumerateRunes().Select(rune => rune.ToString()).ToArray();
            if (characters.Length == 0) continue;
            characters[^1] += EndOfWord;
            _words.Add(([.. characters.Select(NumberOf)], count));
            CountPairs(_words.Count - 1, sign: 1);
        }
    }

    /// <summary>Counts the words of lines, cut at blanks.</summary>
    /// <param name="lines">Lines.</param>
    public static Dictionary<string, int> WordsOf(IEnumerable<string> lines) => Count(lines.SelectMany(line => line.Trim('\r', '\n', ' ').Split(' ')));

    /// <summary>Counts words.</summary>
    /// <param name="words">Words.</param>
    public static Dictionary<string, int> Count(IEnumerable<string> words)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var word in words.Where(word => word.Length > 0)) counts[word] = counts.GetValueOrDefault(word) + 1;
        return counts;
    }

    /// <summary>Learns merges.</summary>
    /// <param name="words">Words with their counts.</param>
    /// <param name="mergeCount">Merges at most, 0 or more.</param>
    /// <returns>The characters that words begin with, in the order of code points, and the merges in the order in which they were learned.</returns>
    public static (IReadOnlyList<string> Characters, IReadOnlyList<(string Left, string Right)> Merges) Learn(IReadOnlyDictionary<string, int> words, int mergeCount)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(mergeCount);
        // The order of words changes no result; it is fixed so that nothing could.
        var learner = new BpeLearner(words.OrderBy(word => word.Key, StringComparer.Ordinal));
        string[] characters = [.. learner._units.Order(Comparer<string>.Create(CompareCodePoints))];
        var merges = new List<(string, string)>();
        while (merges.Count < mergeCount && learner.MergeBest() is { } merge) merges.Add(merge);
        return (characters, merges);
    }

    /// <summary>The order of code points, which above the basic plane is not that of UTF-16.</summary>
    internal static int CompareCodePoints(string? left, string? right)
    {
        static int Place(char symbol) => symbol >= '\uE000' ? symbol - 0x800 : symbol >= '\uD800' ? symbol + 0x2000 : symbol;
        for (var i = 0; i < Math.Min(left!.Length, right!.Length); i++)
            if (left[i] != right[i]) return Place(left[i]) - Place(right[i]);
        return left.Length - right.Length;
    }

    private (string Left, string Right)? MergeBest()
    {
        ((int Left, int Right) Key, Pair Value)? best = null;
        foreach (var (key, pair) in _pairs)
            if (best is null || pair.Count > best.Value.Value.Count || (pair.Count == best.Value.Value.Count && Compare(key, best.Value.Key) > 0)) best = (key, pair);
        if (best is not { Value.Count: >= 2 } found) return null;
        var (left, right) = found.Key;
        var merged = NumberOf(_units[left] + _units[right]);
        foreach (var word in found.Value.Words.ToArray())
        {
            CountPairs(word, sign: -1);
            _words[word] = (Merged(_words[word].Units, left, right, merged), _words[word].Count);
            CountPairs(word, sign: 1);
        }
        return (_units[left], _units[right]);
    }

    private int Compare((int Left, int Right) pair, (int Left, int Right) other)
    {
        var left = CompareCodePoints(_units[pair.Left], _units[other.Left]);
        return left != 0 ? left : CompareCodePoints(_units[pair.Right], _units[other.Right]);
    }

    // From left to right, without overlap.
    private static int[] Merged(int[] units, int left, int right, int merged)
    {
        var result = new List<int>(units.Length);
        for (var i = 0; i < units.Length; i++)
        {
            var isPair = i + 1 < units.Length && units[i] == left && units[i + 1] == right;
            result.Add(isPair ? merged : units[i]);
            if (isPair) i++;
        }
        return [.. result];
    }

    private void CountPairs(int word, int sign)
    {
        var (units, count) = _words[word];
        for (var i = 0; i + 1 < units.Length; i++)
        {
            var key = (units[i], units[i + 1]);
            if (!_pairs.TryGetValue(key, out var pair)) _pairs[key] = pair = new Pair();
            pair.Count += sign * count;
            if (sign > 0) pair.Words.Add(word);
            else pair.Words.Remove(word);
            if (pair.Count == 0) _pairs.Remove(key);
        }
    }

    private int NumberOf(string unit)
    {
        if (_numbers.TryGetValue(unit, out var number)) return number;
        _units.Add(unit);
        return _numbers[unit] = _units.Count - 1;
    }
}
