namespace FixupNet.Training.Data.Text;

/// <summary>Corpus BLEU as sacreBLEU 2.6 computes it: tokenizer 13a, exponential smoothing, no effective order.</summary>
/// <remarks>Papineni et al. 2002; Post 2018 (arXiv:1804.08771).</remarks>
public static class Bleu
{
    /// <summary>Scores a translation of a corpus.</summary>
    /// <param name="hypotheses">The translation, a segment an entry.</param>
    /// <param name="references">Each segment's references, at least one.</param>
    /// <param name="lowercase">Whether case is dropped first.</param>
    /// <exception cref="ArgumentException">There are not as many references as segments, or a segment has none.</exception>
    public static BleuScore Score(IReadOnlyList<string> hypotheses, IReadOnlyList<IReadOnlyList<string>> references, bool lowercase = false) =>
        Sum(Count(hypotheses, references, lowercase)).Score();

    /// <summary>Scores a translation of a corpus with one reference.</summary>
    /// <param name="hypotheses">The translation, a segment an entry.</param>
    /// <param name="references">Each segment's reference.</param>
    /// <param name="lowercase">Whether case is dropped first.</param>
    /// <exception cref="ArgumentException">There are not as many references as segments.</exception>
    public static BleuScore Score(IReadOnlyList<string> hypotheses, IReadOnlyList<string> references, bool lowercase = false) =>
        Score(hypotheses, [.. references.Select(reference => (string[])[reference])], lowercase);

    /// <summary>Counts segment by segment; their sum is the corpus's.</summary>
    /// <param name="hypotheses">The translation, a segment an entry.</param>
    /// <param name="references">Each segment's references, at least one.</param>
    /// <param name="lowercase">Whether case is dropped first.</param>
    /// <exception cref="ArgumentException">There are not as many references as segments, or a segment has none.</exception>
    public static IReadOnlyList<BleuCounts> Count(IReadOnlyList<string> hypotheses, IReadOnlyList<IReadOnlyList<string>> references, bool lowercase = false)
    {
        if (hypotheses.Count != references.Count)
            throw new ArgumentException($"{hypotheses.Count} segments were translated, and {references.Count} have references: there must be as many.", nameof(references));
        return [.. hypotheses.Zip(references, (hypothesis, known) => Count(hypothesis, known, lowercase))];
    }

    /// <summary>What segments' counts make together.</summary>
    /// <param name="segments">The segments.</param>
    public static BleuCounts Sum(IEnumerable<BleuCounts> segments)
    {
        var (matches, totals, hypothesisLength, referenceLength) = (new long[BleuCounts.MaxOrder], new long[BleuCounts.MaxOrder], 0L, 0L);
        foreach (var segment in segments)
        {
            for (var n = 0; n < BleuCounts.MaxOrder; n++)
            {
                matches[n] += segment.Matches[n];
                totals[n] += segment.Totals[n];
            }
            hypothesisLength += segment.HypothesisLength;
            referenceLength += segment.ReferenceLength;
        }
        return new BleuCounts(matches, totals, hypothesisLength, referenceLength);
    }

    /// <summary>How a score came about, in sacreBLEU's form; print it with every score.</summary>
    /// <param name="referenceCount">References of a segment.</param>
    /// <param name="lowercase">Whether case was dropped first.</param>
    public static string Signature(int referenceCount = 1, bool lowercase = false) =>
        FormattableString.Invariant($"nrefs:{referenceCount}|case:{(lowercase ? "lc" : "mixed")}|eff:no|tok:13a|smooth:exp|version:fixupnet");

    private static BleuCounts Count(string hypothesis, IReadOnlyList<string> references, bool lowercase)
    {
        if (references.Count == 0) throw new ArgumentException($"The segment \"{hypothesis}\" has no reference.", nameof(references));
        var words = BleuTokenizer.Tokenize(hypothesis, lowercase);
        var known = references.Select(reference => BleuTokenizer.Tokenize(reference, lowercase)).ToArray();
        var (matches, totals) = (new long[BleuCounts.MaxOrder], new long[BleuCounts.MaxOrder]);
        for (var n = 1; n <= BleuCounts.MaxOrder; n++)
        {
            var most = new Dictionary<string, int>(StringComparer.Ordinal);
            foreach (var (gram, count) in known.SelectMany(reference => Grams(reference, n))) most[gram] = Math.Max(count, most.GetValueOrDefault(gram));
            foreach (var (gram, count) in Grams(words, n))
            {
                matches[n - 1] += Math.Min(count, most.GetValueOrDefault(gram));
                totals[n - 1] += count;
            }
        }
        var closest = known.Select(reference => reference.Count).OrderBy(length => Math.Abs(length - words.Count)).ThenBy(length => length).First();
        return new BleuCounts(matches, totals, words.Count, closest);
    }

    // No token has a blank in it.
    private static Dictionary<string, int> Grams(IReadOnlyList<string> words, int n)
    {
        var grams = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i + n <= words.Count; i++)
        {
            var gram = n == 1 ? words[i] : string.Join(' ', words.Skip(i).Take(n));
            grams[gram] = grams.GetValueOrDefault(gram) + 1;
        }
        return grams;
    }
}
