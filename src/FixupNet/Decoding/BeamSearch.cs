using FixupNet.Architectures;
using FixupNet.Registries;
using FixupNet.Sequences;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Decoding;

/// <summary>Searches for the most probable translations.</summary>
/// <remarks>
/// fairseq's: of the 2·beam best continuations (ties: the lower beam, then the lower symbol) those that end a sentence and are among the first beam are
/// finished, the first beam others go on; it ends with beam finished sentences or at the greatest length. A pad is never chosen, and no sentence is empty.
/// Where a network gives nothing but NaN, as one does that has diverged, a sentence ends with what it has, and its score is NaN.
/// </remarks>
public static class BeamSearch
{
    /// <summary>Translates.</summary>
    /// <param name="network">The network; it is left in the mode that it is in, and nothing is dropped.</param>
    /// <param name="source">Symbols [N,S], int64, each row with its end's symbol and perhaps pads.</param>
    /// <param name="options">Beam and length; null for the default.</param>
    /// <param name="incremental">False computes all words of a sentence again for every next one; the result is the same.</param>
    /// <returns>For every row the finished hypotheses, best first; at least one.</returns>
    public static IReadOnlyList<IReadOnlyList<Hypothesis>> Run(Transformer network, Tensor source, BeamSearchOptions? options = null, bool incremental = true)
    {
        options = OptionsGuard.Checked(options ?? new BeamSearchOptions());
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        var lengths = source.ne(Symbols.Pad).sum(1).cpu().data<long>().ToArray();
        var sentences = lengths.Select((length, row) => new Sentence(row, options, (int)(options.LengthFactor * length) + options.LengthOffset)).ToArray();
        var memory = network.Encode(source);
        using var cache = incremental ? new DecodeCache() : null;
        for (var step = 0; ; step++)
        {
            using var inner = NewDisposeScope();
            var open = sentences.Where(sentence => sentence.IsOpen).ToArray();
            if (open.Length == 0) break;
            long[] rows = [.. open.SelectMany(sentence => Enumerable.Repeat((long)sentence.Row, sentence.Beams.Count))];
            var picked = tensor(rows).to(source.device);
            var logits = network.Decode(Previous(open, incremental).to(source.device), source.index_select(0, picked), memory.index_select(0, picked), cache);
            var logProbabilities = logits.narrow(1, logits.shape[1] - 1, 1).log_softmax(2, ScalarType.Float64).cpu().data<double>().ToArray();
            var (first, vocabulary, goOn) = (0, (int)logits.shape[2], new List<long>());
            foreach (var sentence in open)
            {
                var count = sentence.Beams.Count;
                goOn.AddRange(sentence.Advance(logProbabilities.AsSpan(first * vocabulary, count * vocabulary), step).Select(beam => (long)(first + beam)));
                first += count;
            }
            if (goOn.Count > 0) cache?.Reorder(tensor(goOn.ToArray()).to(source.device));
        }
        return [.. sentences.Select(sentence => sentence.Finished)];
    }

    // What the decoder reads: the last symbols alone, or all from the beginning.
    private static Tensor Previous(IReadOnlyList<Sentence> open, bool incremental)
    {
        var beams = open.SelectMany(sentence => sentence.Beams).ToArray();
        long[] symbols = incremental
            ? [.. beams.Select(beam => (long)(beam.Symbols.Count > 0 ? beam.Symbols[^1] : Symbols.End))]
            : [.. beams.SelectMany(beam => beam.Symbols.Prepend(Symbols.End)).Select(symbol => (long)symbol)];
        return tensor(symbols).view(beams.Length, -1);
    }

    // One sentence's beams.
    private sealed class Sentence(int row, BeamSearchOptions options, int maxLength)
    {
        private readonly List<Hypothesis> _finished = [];

        internal int Row => row;

        internal IReadOnlyList<Hypothesis> Beams { get; private set; } = [new([], 0)];

        internal bool IsOpen => Beams.Count > 0;

        internal IReadOnlyList<Hypothesis> Finished => [.. _finished.OrderByDescending(hypothesis => hypothesis.Score)];

        // Takes log p of every beam's next symbols [beams · V]; gives the beams that go on, by the numbers of those they continue.
        internal List<int> Advance(ReadOnlySpan<double> logProbabilities, int step)
        {
            var best = Best(logProbabilities, step);
            var (alive, origins) = (new List<Hypothesis>(), new List<int>());
            foreach (var (rank, (value, beam, symbol)) in best.Index())
            {
                List<int> symbols = [.. Beams[beam].Symbols, symbol];
                if (symbol == Symbols.End)
                {
                    if (rank < options.Beam && _finished.Count < options.Beam) _finished.Add(new(symbols, value / Math.Pow(step + 1, options.LengthPenalty)));
                }
                else if (alive.Count < options.Beam)
                {
                    alive.Add(new(symbols, value));
                    origins.Add(beam);
                }
            }
            if (best.Count == 0 && _finished.Count == 0) _finished.Add(new([.. Beams[0].Symbols, Symbols.End], double.NaN));
            var isDone = _finished.Count == options.Beam || step == maxLength;
            Beams = isDone ? [] : alive;
            return isDone ? [] : origins;
        }

        // The 2·beam best, best first; of equals the first.
        private List<(double Value, int Beam, int Symbol)> Best(ReadOnlySpan<double> logProbabilities, int step)
        {
            var (best, vocabulary) = (new List<(double Value, int Beam, int Symbol)>(2 * options.Beam + 1), logProbabilities.Length / Beams.Count);
            for (var i = 0; i < logProbabilities.Length; i++)
            {
                var (beam, symbol) = (i / vocabulary, i % vocabulary);
                if (symbol == Symbols.Pad || (step == 0 && symbol == Symbols.End) || (step == maxLength && symbol != Symbols.End)) continue;
                var value = Beams[beam].Score + logProbabilities[i];
                if (!(value > double.NegativeInfinity) || (best.Count == 2 * options.Beam && !(value > best[^1].Value))) continue;
                var place = best.Count;
                while (place > 0 && value > best[place - 1].Value) place--;
                best.Insert(place, (value, beam, symbol));
                if (best.Count > 2 * options.Beam) best.RemoveAt(best.Count - 1);
            }
            return best;
        }
    }
}
