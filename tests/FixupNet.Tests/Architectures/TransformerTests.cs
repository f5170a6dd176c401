using FixupNet.Architectures;
using FixupNet.Execution;
using FixupNet.Initialization;
using FixupNet.Methods;
using FixupNet.Optimization;
using FixupNet.Residual;
using FixupNet.Sequences;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Tests.Architectures;

/// <summary>What Transformers promise, with every method and every mixer.</summary>
[TestFixtureSource(nameof(Variants))]
public class TransformerTests(string method, SequenceMixer mixer, bool gate, bool crossAttention)
{
    private const double Rounding = 1e-12; // of float64, in sums of a few dozen terms

    private static IEnumerable<TestFixtureData> Variants() =>
        from entry in MethodZoo.All
        where entry.Method.Inputs.HasFlag(InputKind.Sentences)
        from mixer in Enum.GetValues<SequenceMixer>()
        from gate in mixer == SequenceMixer.Attention ? (bool[])[false] : [false, true]
        from crossAttention in gate || mixer == SequenceMixer.Dynamic ? (bool[])[true] : [true, false]
        select new TestFixtureData(entry.Name, mixer, gate, crossAttention);

    private TransformerOptions Options => new(MethodZoo.All[method].Method, Depth: 2, Width: 32, FeedForward: 64, Mixer: mixer, Gate: gate, CrossAttention: crossAttention);

    [Test]
    public void Forward_GivesTheSame_WhenASentenceStandsAlone()
    {
        using var scope = NewDisposeScope();
        var (network, tokens) = (TransformerReference.Create(Options), TransformerReference.Tokens());
        var together = network.call(tokens);

        for (var row = 0; row < 4; row++)
        {
            var alone = network.call(tokens.narrow(0, row, 1));

            Assert.That(Distance(together.narrow(0, row, 1).narrow(1, 0, alone.shape[1]), alone), Is.LessThan(Rounding), $"row {row}");
        }
    }

    [Test]
    public void Forward_GivesTheSame_WhenPadsAreMoreOrOnTheLeft()
    {
        using var scope = NewDisposeScope();
        var (network, tokens) = (TransformerReference.Create(Options), TransformerReference.Tokens());
        var expected = Real(network.call(tokens));
        var pads = full([4, 2, 3], (long)Symbols.Pad, dtype: ScalarType.Int64);
        var left = stack(Enumerable.Range(0, 4).Select(row => Shifted(tokens.select(0, row).select(0, 0))), 0);

        var more = Real(network.call(cat([tokens, pads], 2)));
        var onTheLeft = Real(network.call(stack([left, tokens.select(1, 1)], 1)));

        Assert.That((Distance(expected, more) < Rounding, Distance(expected, onTheLeft) < Rounding), Is.EqualTo((true, true)));
    }

    [Test]
    public void Forward_DoesNotLookAhead()
    {
        using var scope = NewDisposeScope();
        var (network, tokens) = (TransformerReference.Create(Options), TransformerReference.Tokens());
        var changed = tokens.clone();
        changed.select(1, 1).narrow(1, 4, 5).fill_(9);

        Assert.That(Distance(network.call(tokens).narrow(1, 0, 4), network.call(changed).narrow(1, 0, 4)), Is.LessThan(Rounding));
    }

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(4)]
    public void Decode_GivesTheSame_WordsAtATime(int words)
    {
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        var network = TransformerReference.Create(Options);
        var (source, previous) = (TransformerReference.Part("source"), TransformerReference.Part("decoder_input").narrow(0, 1, 1).repeat(4, 1));
        var memory = network.Encode(source);
        var whole = network.Decode(previous, source, memory);
        using var cache = new DecodeCache();

        Tensor[] parts = [.. Enumerable.Range(0, (9 + words - 1) / words).Select(i => network.Decode(previous.narrow(1, i * words, Math.Min(words, 9 - i * words)), source, memory, cache))];

        Assert.That(Distance(whole, cat(parts, 1)), Is.LessThan(Rounding));
    }

    [Test]
    public void Recomputation_GivesTheSameGradients()
    {
        using var scope = NewDisposeScope();
        var (network, tokens) = (TransformerReference.Create(Options), TransformerReference.Tokens());
        using var gradients = new FlatGradients([.. network.parameters()]);
        network.call(tokens).square().mean().backward();
        var expected = gradients.Whole.clone();
        gradients.Zero();

        var chain = new RecomputedChain(network, Segmentation.Of(network.Stages));
        chain.Forward(tokens).square().mean().backward();
        chain.Backward();

        Assert.That((gradients.Whole - expected).abs().max().ToDouble(), Is.LessThan(Rounding * (1 + expected.abs().max().ToDouble())));
    }

    [Test]
    public void Topology_CoversEachParameterOnce()
    {
        using var network = new Transformer(Options, TransformerReference.Vocabulary).to(ScalarType.Float64);

        var described = new HashSet<object>(network.Topology.Parameters, ReferenceEqualityComparer.Instance);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(described, Has.Count.EqualTo(network.parameters().Count()).And.Count.EqualTo(network.Topology.Parameters.Count));
            Assert.That(network.parameters().All(described.Contains), Is.True);
            Assert.That(network.Topology.Branches, Has.Count.EqualTo(2 * 2 + 3 * 2));
        }
    }

    [Test]
    public void Gradients_AreNonZeroFromTheFourthPass()
    {
        using var scope = NewDisposeScope();
        var network = new Transformer(Options, TransformerReference.Vocabulary).to(ScalarType.Float64);
        Cases.Initialize(network, InitializationOf(), seed: 1);
        using var optimizer = new Sgd(network.named_parameters(), new SgdOptions(LearningRate: 0.005, ScalarLearningRateFactor: 1));
        var (tokens, target) = (TransformerReference.Tokens(), TransformerReference.Part("target"));

        for (var pass = 1; pass <= 4; pass++)
        {
            if (pass > 1) optimizer.Step(1.0);
            optimizer.ZeroGradients();
            nn.functional.cross_entropy(network.call(tokens).reshape(-1, TransformerReference.Vocabulary), target.reshape(-1), ignore_index: Symbols.Pad).backward();
        }

        var zero = network.named_parameters().Where(item => optimizer.Gradients.Span<double>(item.parameter).IndexOfAnyExcept(0.0) < 0);
        // The mean of the source is the same whatever comes in, so what changes that learns nothing.
        var unseen = (crossAttention, method) switch
        {
            (false, "pre-layernorm") => ".encoder_attn_layer_norm.",
            (false, "fixup") => mixer == SequenceMixer.Attention ? ".shift1." : ".shift3.",
            _ => "none",
        };
        Assert.That(zero.Select(item => item.name).Where(name => !name.Contains(unseen)), Is.Empty);
    }

    [Test]
    public void Forward_KeepsNothingAlive()
    {
        using var scope = NewDisposeScope();
        var (network, tokens) = (TransformerReference.Create(Options), TransformerReference.Tokens());
        var before = scope.DisposablesCount;

        using (no_grad()) network.call(tokens).Dispose();

        Assert.That(scope.DisposablesCount, Is.EqualTo(before));
    }

    private string InitializationOf() => ModelZoo.All["transformer"].DefaultInitialization(Options);

    // What stands at real words of the targets, the rest as 0.
    private static Tensor Real(Tensor logits) => logits * TransformerReference.Part("target").narrow(1, 0, logits.shape[1]).ne(Symbols.Pad).unsqueeze(2).to(logits.dtype);

    // Pads from the right to the left.
    private static Tensor Shifted(Tensor row)
    {
        var symbols = row.data<long>().ToArray();
        return tensor([.. symbols.Where(symbol => symbol == Symbols.Pad), .. symbols.Where(symbol => symbol != Symbols.Pad)]);
    }

    private static double Distance(Tensor expected, Tensor actual) => ((expected - actual).abs().max() / (1 + expected.abs().max())).ToDouble();
}
