namespace FixupNet.Training.Data.Text;

/// <summary>Sentences and their translations as numbers, without <see cref="Symbols.End"/>.</summary>
/// <param name="Source">The sentences' units.</param>
/// <param name="Target">The translations' units.</param>
public sealed record EncodedText(IReadOnlyList<IReadOnlyList<int>> Source, IReadOnlyList<IReadOnlyList<int>> Target)
{
    /// <summary>Pairs.</summary>
    public int Count => Source.Count;

    /// <summary>Encodes sentences.</summary>
    /// <param name="text">The sentences.</param>
    /// <param name="vocabulary">Their subwords.</param>
    public static EncodedText Of(ParallelText text, Vocabulary vocabulary) =>
        new([.. text.Source.Select(vocabulary.Source.Encode)], [.. text.Target.Select(vocabulary.Target.Encode)]);

    /// <summary>Symbols of a pair's longer side, the end's counted.</summary>
    /// <param name="index">The pair.</param>
    public int LengthOf(int index) => Math.Max(Source[index].Count, Target[index].Count) + 1;

    /// <summary>Pairs as a network takes them: the source with its end, and what the decoder reads, the end and the target.</summary>
    /// <param name="pairs">Which pairs.</param>
    /// <returns>Symbols [N,2,T] and, of what is asked for, [N,T], filled up with <see cref="Symbols.Pad"/>; T is the longest of the lengths.</returns>
    public (long[] Tokens, long[] Targets, int Length) Rows(IReadOnlyList<int> pairs)
    {
        var length = pairs.Max(LengthOf);
        var (tokens, targets) = (new long[2 * pairs.Count * length], new long[pairs.Count * length]);
        Array.Fill(tokens, Symbols.Pad);
        Array.Fill(targets, Symbols.Pad);
        for (var row = 0; row < pairs.Count; row++)
        {
            Write(tokens.AsSpan(2 * row * length, length), [.. Source[pairs[row]], Symbols.End]);
            Write(tokens.AsSpan((2 * row + 1) * length, length), [Symbols.End, .. Target[pairs[row]]]);
            Write(targets.AsSpan(row * length, length), [.. Target[pairs[row]], Symbols.End]);
        }
        return (tokens, targets, length);
    }

    private static void Write(Span<long> row, IReadOnlyList<int> symbols)
    {
        for (var i = 0; i < symbols.Count; i++) row[i] = symbols[i];
    }
}
