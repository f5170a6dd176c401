using FixupNet.Architectures;
using FixupNet.Decoding;
using FixupNet.Training.Data.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Training.Tasks;

/// <summary>Translates text with a trained network.</summary>
public static class Translator
{
    // Sentences searched for at once.
    private const int SentencesAtOnce = 64;

    /// <summary>Translates sentences.</summary>
    /// <param name="network">The network, in evaluation mode.</param>
    /// <param name="vocabulary">The one that it was trained with.</param>
    /// <param name="sentences">The sentences; an empty one stays empty.</param>
    /// <param name="options">Beam and length.</param>
    /// <param name="device">Where the network is.</param>
    /// <returns>The translations, in the sentences' order.</returns>
    public static IReadOnlyList<string> Translate(Transformer network, Vocabulary vocabulary, IReadOnlyList<string> sentences, BeamSearchOptions options, Device device)
    {
        var translations = Enumerable.Repeat("", sentences.Count).ToArray();
        var encoded = sentences.Select(vocabulary.Source.Encode).ToArray();
        foreach (var rows in Enumerable.Range(0, sentences.Count).Where(i => encoded[i].Count > 0).OrderBy(i => encoded[i].Count).Chunk(SentencesAtOnce))
        {
            using var scope = NewDisposeScope();
            var length = rows.Max(row => encoded[row].Count) + 1;
            long[] symbols = [.. rows.SelectMany(row => encoded[row].Append(Symbols.End).Concat(Enumerable.Repeat(Symbols.Pad, length - encoded[row].Count - 1))).Select(symbol => (long)symbol)];
            var found = Translate(network, vocabulary, tensor(symbols, [rows.Length, length]).to(device), options);
            foreach (var (row, translation) in rows.Zip(found)) translations[row] = translation;
        }
        return translations;
    }

    /// <summary>Translates rows of symbols.</summary>
    /// <param name="network">The network, in evaluation mode.</param>
    /// <param name="vocabulary">The one that it was trained with.</param>
    /// <param name="source">Symbols [N,S], int64.</param>
    /// <param name="options">Beam and length.</param>
    /// <returns>The best translation of each row.</returns>
    internal static IReadOnlyList<string> Translate(Transformer network, Vocabulary vocabulary, Tensor source, BeamSearchOptions options) =>
        [.. BeamSearch.Run(network, source, options).Select(found => vocabulary.Target.Decode(found[0].Symbols))];
}
