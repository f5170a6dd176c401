using FixupNet.Randomness;

namespace FixupNet.Training.Data.Text;

/// <summary>Which pairs of sentences each batch holds: those of like length together, so that few symbols are pads.</summary>
/// <remarks>
/// A pure function of seed, epoch and position. Pairs in the epoch's order are sorted by length, equal ones staying in that order, and packed; then the
/// batches are put in a random order. The packing sees lengths alone, so every epoch has the same number of batches.
/// </remarks>
public sealed class SentenceBatches
{
    private readonly IReadOnlyList<(int Longest, int Source)> _lengths;
    private readonly IReadOnlyList<(int Start, int Count)> _batches;
    private readonly SeedPlan _seeds;
    private (int Epoch, int[][] Batches)? _current;

    /// <summary>Packs a split.</summary>
    /// <param name="text">The pairs.</param>
    /// <param name="tokensPerBatch">Symbols of a batch at most: pairs times the longest side of any, pads counted.</param>
    /// <param name="pairsPerBatch">Pairs of a batch at most.</param>
    /// <param name="seeds">The run's random streams.</param>
    /// <exception cref="ArgumentException">A pair alone has more symbols; the message names it.</exception>
    public SentenceBatches(EncodedText text, int tokensPerBatch, int pairsPerBatch, SeedPlan seeds)
    {
        (_seeds, _lengths) = (seeds, [.. Enumerable.Range(0, text.Count).Select(i => (text.LengthOf(i), text.Source[i].Count))]);
        var longest = Enumerable.Range(0, text.Count).MaxBy(i => _lengths[i].Longest);
        if (_lengths[longest].Longest > tokensPerBatch)
        {
            throw new ArgumentException(
                $"Pair {longest + 1} has {_lengths[longest].Longest} symbols on one side, more than the {tokensPerBatch} of a batch: allow more tokens a batch, or leave the pair out.", nameof(tokensPerBatch));
        }
        _batches = Pack([.. _lengths.Select(length => length.Longest).Order()], tokensPerBatch, pairsPerBatch);
    }

    /// <summary>Batches of an epoch.</summary>
    public int Count => _batches.Count;

    /// <summary>The pairs of a batch.</summary>
    /// <param name="epoch">Epoch, from 0.</param>
    /// <param name="index">Batch within the epoch, from 0.</param>
    public IReadOnlyList<int> At(int epoch, int index)
    {
        if (_current?.Epoch != epoch) _current = (epoch, Draw(epoch));
        return _current.Value.Batches[index];
    }

    private int[][] Draw(int epoch)
    {
        var order = Permutation.Of(_lengths.Count, _seeds.DataOrder(epoch));
        int[] sorted = [.. order.OrderBy(i => _lengths[i].Longest).ThenBy(i => _lengths[i].Source)];
        return [.. Permutation.Of(_batches.Count, _seeds.Stream("batch-order", epoch)).Select(i => sorted.AsSpan(_batches[i].Start, _batches[i].Count).ToArray())];
    }

    private static List<(int Start, int Count)> Pack(int[] lengths, int tokensPerBatch, int pairsPerBatch)
    {
        var (batches, start) = (new List<(int, int)>(), 0);
        for (var end = 1; end <= lengths.Length; end++)
        {
            // Lengths grow: a batch is as long as its last pair.
            if (end < lengths.Length && end - start < pairsPerBatch && (long)lengths[end] * (end + 1 - start) <= tokensPerBatch) continue;
            batches.Add((start, end - start));
            start = end;
        }
        return batches;
    }
}
