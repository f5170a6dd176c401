using FixupNet.Architectures;
using FixupNet.Execution;
using FixupNet.Methods;
using FixupNet.Randomness;
using FixupNet.Training.Tasks;
using static TorchSharp.torch;

namespace FixupNet.Experiments.Benchmarks;

/// <summary>Transformers of the size that learns Multi30k, d 256 with 512 channels inside and 4 heads, on random sentences without pads.</summary>
internal sealed record BenchmarkTransformer() : BenchmarkModel("transformer", "Transformer of {0} + {0} layers", "words", "pre-layernorm", [3, 12], Words, BatchSize: 128)
{
    internal const int Vocabulary = 4000;
    internal const int Words = 16;
    private const int Width = 256;

    /// <inheritdoc/>
    public override IReadOnlyList<string> MethodsOfPyTorch { get; } = ["pre-layernorm", "post-layernorm"];

    /// <inheritdoc/>
    public override IReadOnlyList<ContenderKind> KindsOfPyTorch { get; } = [ContenderKind.Pytorch];

    // Words of the target, as fairseq counts.
    /// <inheritdoc/>
    public override int UnitsPerExample => Size;

    /// <inheritdoc/>
    public override string? ProblemOf(int depth) => null;

    /// <inheritdoc/>
    internal override ResidualNetwork Create(string variant, int depth) =>
        new Transformer(new TransformerOptions(MethodZoo.All[variant].Method, depth, Width: Width, FeedForward: 2 * Width, Sharing: EmbeddingSharing.All), Vocabulary, length: Size);

    /// <inheritdoc/>
    internal override string Sections(Contender contender, string folder) => FormattableString.Invariant($$"""
        "task": "{{RandomSentences.Entry.Name}}",
        "model": { "name": "{{Name}}", "variant": "{{contender.Variant}}", "depth": {{contender.Depth}}, "width": {{Width}}, "feedForward": {{2 * Width}}, "sharing": "all" },
        "optimizer": { "name": "adam", "learningRate": 0.0001 }
        """);

    /// <inheritdoc/>
    internal override SentenceBatch RandomBatch(int count, Device device)
    {
        var random = new CounterRandom(1);
        long[] Drawn() => [.. Enumerable.Range(0, count * Size).Select(_ => Symbols.Count + (long)(random.NextBits() % (Vocabulary - Symbols.Count)))];
        Tensor Rows() => tensor(Drawn(), [count, Size]);
        using var scope = NewDisposeScope();
        var (source, target, end) = (Rows(), Rows(), full([count, 1], (long)Symbols.End, dtype: ScalarType.Int64));
        // A sentence has its end; the decoder reads the end first and the words but for the last.
        var input = stack([cat([source.narrow(1, 0, Size - 1), end], 1), cat([end, target.narrow(1, 0, Size - 1)], 1)], 1);
        var targets = cat([target.narrow(1, 0, Size - 1), end], 1);
        return new SentenceBatch(input.to(device).MoveToOuterDisposeScope(), targets.to(device).MoveToOuterDisposeScope(), [.. Enumerable.Repeat(Size, count)]);
    }
}
