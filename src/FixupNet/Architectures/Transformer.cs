using FixupNet.Execution;
using FixupNet.Registries;
using FixupNet.Residual;
using FixupNet.Sequences;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Architectures;

/// <summary>An encoder–decoder Transformer that translates, dressed by a method.</summary>
/// <remarks>
/// arXiv:1706.03762, with self-attention or the convolutions of arXiv:1901.10430; state-dict names are fairseq's. A pair of sentences is two rows of symbols:
/// the source, which ends with <see cref="Symbols.End"/>, and what the decoder reads, <see cref="Symbols.End"/> and the target without its own; both are
/// filled up with <see cref="Symbols.Pad"/>, which changes no result. A network serves one thread at a time.
/// </remarks>
public sealed class Transformer : GraphNetwork
{
    private readonly SequenceContext _context;

    /// <summary>Builds the network: float32, on the CPU, weights 0 until a scheme initializes them.</summary>
    /// <param name="options">Method, depth and width.</param>
    /// <param name="targetVocabulary">Symbols of the target's language, more than <see cref="Symbols.Count"/>.</param>
    /// <param name="sourceVocabulary">Symbols of the source's language; null for as many.</param>
    /// <param name="length">Words of a sentence that memory is planned for.</param>
    /// <exception cref="ArgumentException">The options are out of range, or embeddings are shared between vocabularies of different size.</exception>
    public Transformer(TransformerOptions options, int targetVocabulary, int? sourceVocabulary = null, int length = 32)
        : this(options, targetVocabulary, sourceVocabulary ?? targetVocabulary, length, new SequenceContext(), new DropDraws())
    {
    }

    /// <summary>As the registry makes it: of images that nobody named, vocabularies of one size.</summary>
    internal static Transformer For(TransformerOptions options, int targetVocabulary, ImageShape sentences) =>
        sentences == ImageShape.Cifar ? new(options, targetVocabulary) : new(options, targetVocabulary, sentences.Channels, sentences.Width);

    private Transformer(TransformerOptions options, int targetVocabulary, int sourceVocabulary, int length, SequenceContext context, DropDraws draws)
        : base(nameof(Transformer), Dress(options, sourceVocabulary, targetVocabulary, context, draws), new ImageShape(sourceVocabulary, 1, length)) =>
        (_context, Draws) = (context, draws);

    /// <inheritdoc/>
    public override DropDraws Draws { get; }

    /// <summary>Symbols of the target's language.</summary>
    public int TargetVocabulary => (int)Topology.Classifier.Weight.shape[0];

    /// <summary>Computes what follows each word of the target.</summary>
    /// <param name="tokens">Symbols [N,2,T], int64: the sources, and what the decoder reads.</param>
    /// <param name="blockOutput">Called with each sub-layer's name and output [N,T',d] in forward order.</param>
    /// <returns>Logits [N,T',V]; T' is the length of the longest target here.</returns>
    public override Tensor forward(Tensor tokens, Action<string, Tensor>? blockOutput)
    {
        using var scope = NewDisposeScope();
        var (source, previous) = Sides(tokens);
        var stages = SideStages(Topology, null);
        _context.Memory = NetworkStage.Run(stages.Encoder, source, blockOutput);
        return NetworkStage.Run(stages.Decoder, previous, blockOutput).MoveToOuterDisposeScope();
    }

    /// <summary>Reads sources.</summary>
    /// <param name="source">Symbols [N,S], int64.</param>
    /// <returns>Fresh tensor [N,S,d], for <see cref="Decode"/>.</returns>
    public Tensor Encode(Tensor source) => NetworkStage.Run(SideStages(Topology, null).Encoder, source);

    /// <summary>Computes what follows each word of the target.</summary>
    /// <param name="previous">What the decoder reads [N,T], int64; with a cache, the words after those decoded before.</param>
    /// <param name="source">The sources that were read [N,S], int64.</param>
    /// <param name="memory">What <see cref="Encode"/> gave [N,S,d].</param>
    /// <param name="cache">What was decoded before, to which these words are added; null to decode from the beginning.</param>
    /// <returns>Logits [N,T,V].</returns>
    public Tensor Decode(Tensor previous, Tensor source, Tensor memory, DecodeCache? cache = null)
    {
        using var scope = NewDisposeScope();
        (_context.SourcePads, _context.Memory, _context.Cache) = (source.eq(Symbols.Pad), memory, cache);
        try
        {
            var logits = NetworkStage.Run(SideStages(Topology, null).Decoder, previous);
            cache?.Advance(previous.shape[1]);
            return logits.MoveToOuterDisposeScope();
        }
        finally
        {
            _context.Cache = null;
        }
    }

    // One chain for gradient checkpointing: from the middle on, what the encoder gave stands before the decoder's words.
    private protected override IReadOnlyList<NetworkStage> StagesOf(ResidualTopology topology, Action<string, Tensor>? layerOutput)
    {
        var (encoder, decoder) = SideStages(topology, layerOutput);
        var (sourceLength, previous) = (0L, default(Tensor));
        Tensor Words(Tensor signal) => signal.narrow(1, sourceLength, signal.shape[1] - sourceLength);
        Tensor Decoding(NetworkStage stage, Tensor signal, bool isLast)
        {
            using var scope = NewDisposeScope();
            _context.Memory = signal.narrow(1, 0, sourceLength);
            var output = stage.Forward(Words(signal));
            return (isLast ? output : cat([_context.Memory, output], 1)).MoveToOuterDisposeScope();
        }
        return
        [
            new(encoder[0].Name, tokens =>
            {
                using var scope = NewDisposeScope();
                previous?.Dispose();
                (var source, previous) = Sides(tokens);
                previous.DetachFromDisposeScope();
                sourceLength = source.shape[1];
                return encoder[0].Forward(source).MoveToOuterDisposeScope();
            }),
            .. encoder.Skip(1).SkipLast(1),
            new(StageSizes.Middle, read =>
            {
                using var scope = NewDisposeScope();
                var memory = encoder[^1].Forward(read);
                return cat([memory, decoder[0].Forward(previous!)], 1).MoveToOuterDisposeScope();
            }),
            .. decoder.Skip(1).Select((stage, i) => new NetworkStage(stage.Name, signal => Decoding(stage, signal, i == decoder.Count - 2))),
        ];
    }

    // The encoder from symbols to what it gives, its end last; the decoder from symbols to logits.
    private static (IReadOnlyList<NetworkStage> Encoder, IReadOnlyList<NetworkStage> Decoder) SideStages(ResidualTopology topology, Action<string, Tensor>? layerOutput)
    {
        var begin = topology.MiddleSteps.TakeWhile(step => step is not EmbedStep).Count();
        NetworkStage Steps(string name, IReadOnlyList<Step> steps) => new(name, input => steps.Count > 0 ? Run(steps, input, layerOutput) : input.alias());
        IEnumerable<NetworkStage> Branches(NetworkSide side) => topology.Branches.Where(branch => branch.Side == side)
            .Select(branch => new NetworkStage(branch.Name, input => StepRunner.Run(branch, input, layerOutput)));
        return
        (
            [Steps("stem", topology.StemSteps), .. Branches(NetworkSide.Encoder), Steps("encoder end", [.. topology.MiddleSteps.Take(begin)])],
            [Steps("decoder stem", [.. topology.MiddleSteps.Skip(begin)]), .. Branches(NetworkSide.Decoder), Steps("classifier", topology.HeadSteps)]
        );
    }

    private static ResidualTopology Dress(TransformerOptions options, int sourceVocabulary, int targetVocabulary, SequenceContext context, DropDraws draws)
    {
        OptionsGuard.Check(options);
        OptionsGuard.Check(options.Method);
        ArgumentOutOfRangeException.ThrowIfLessThan(sourceVocabulary, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(targetVocabulary, 2);
        if (options.Sharing == EmbeddingSharing.All && sourceVocabulary != targetVocabulary)
        {
            throw new ArgumentException(
                $"All embeddings are one tensor, but the vocabularies have {sourceVocabulary} and {targetVocabulary} symbols: share the output's alone, or learn one vocabulary of both languages.",
                nameof(options));
        }
        return new TransformerLayout(options, context, draws).Dress(sourceVocabulary, targetVocabulary);
    }

    // Source and target without the columns in which nobody has a word.
    private static (Tensor Source, Tensor Previous) Sides(Tensor tokens)
    {
        if (tokens.shape is not [> 0, 2, > 0] || tokens.dtype != ScalarType.Int64) throw new ShapeMismatchException(nameof(tokens), tokens.shape, "[N,2,T] of int64, none of them 0");
        var words = tokens.ne(Symbols.Pad).sum([0L]).cpu().data<long>().ToArray();
        var length = (int)tokens.shape[2];
        long Used(int row) => Math.Max(1, Array.FindLastIndex(words, (row + 1) * length - 1, length, count => count > 0) - row * length + 1);
        return (tokens.select(1, 0).narrow(1, 0, Used(0)), tokens.select(1, 1).narrow(1, 0, Used(1)));
    }
}
