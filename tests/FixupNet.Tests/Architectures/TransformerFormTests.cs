using System.Text.Json;
using System.Text.RegularExpressions;
using FixupNet.Architectures;
using FixupNet.Methods;
using FixupNet.Optimization;
using FixupNet.Residual;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Tests.Architectures;

/// <summary>Tied embeddings, initial values, wrong options.</summary>
public partial class TransformerFormTests
{
    private const int Vocabulary = TransformerReference.Vocabulary;

    [TestCase(EmbeddingSharing.None, 3)]
    [TestCase(EmbeddingSharing.Output, 2)]
    [TestCase(EmbeddingSharing.All, 1)]
    public void Sharing_MakesOneTensorOfSeveral(EmbeddingSharing sharing, int tables)
    {
        using var network = new Transformer(new TransformerOptions(Width: 32, Sharing: sharing), Vocabulary).to(ScalarType.Float64);

        var topology = network.Topology;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(network.parameters().Count(parameter => parameter.shape is [Vocabulary, 32]), Is.EqualTo(tables));
            Assert.That(network.state_dict().Count, Is.EqualTo(topology.Parameters.Count));
            Assert.That(topology.WeightLayers.Count(layer => layer.Weight.shape is [Vocabulary, 32]), Is.EqualTo(tables));
            Assert.That(topology.ClassifierIsTied, Is.EqualTo(sharing != EmbeddingSharing.None));
            Assert.That(topology.RoleOf(topology.Stem[0].Weight), Is.EqualTo(ParameterRole.Embedding));
        }
    }

    [Test]
    public void Sharing_TrainsTheOneTensor()
    {
        using var scope = NewDisposeScope();
        var network = new Transformer(new TransformerOptions(Width: 32, Sharing: EmbeddingSharing.All), Vocabulary);
        Cases.Initialize(network, "transformer-fixup", seed: 1);
        using var optimizer = new Adam(network.named_parameters(), new AdamOptions(LearningRate: 0.01), network.Topology);
        var losses = new List<double>();

        for (var step = 0; step < 5; step++)
        {
            optimizer.ZeroGradients();
            var loss = Loss(network);
            loss.backward();
            losses.Add(loss.ToDouble());
            optimizer.Step(1.0);
        }

        Assert.That(losses[^1], Is.LessThan(losses[0] - 0.5));
    }

    [TestCase("output embedding of its own", EmbeddingSharing.None)]
    [TestCase("output embedding shared", EmbeddingSharing.Output)]
    public void FixupStart_LeavesTheGradientsAtZeroThatItMust(string name, EmbeddingSharing sharing)
    {
        using var scope = NewDisposeScope();
        var network = new Transformer(new TransformerOptions(Depth: 2, Width: 32, FeedForward: 64, Sharing: sharing), Vocabulary).to(ScalarType.Float64);
        Cases.Initialize(network, "transformer-fixup", seed: 1);
        using var optimizer = new Sgd(network.named_parameters(), new SgdOptions(LearningRate: 0.1, ScalarLearningRateFactor: 1));
        var expected = TransformerReference.File.GetProperty("fixup zero gradients").GetProperty(name);

        for (var updates = 0; updates <= 3; updates++)
        {
            optimizer.ZeroGradients();
            Loss(network).backward();
            var byState = network.named_parameters().ToLookup(
                item => optimizer.Gradients.Span<double>(item.parameter).IndexOfAnyExcept(0.0) >= 0, item => LayerNumber().Replace(item.name, "layers.*"));
            var table = expected.GetProperty($"{updates} updates: non-zero");
            if (table.ValueKind == JsonValueKind.Array)
                Assert.That(byState[true].Distinct(), Is.EquivalentTo(table.EnumerateArray().Select(item => item.GetString())), $"{updates} updates");
            else
                Assert.That($"all but: {string.Join(", ", byState[false].Distinct().Order(StringComparer.Ordinal))}", Is.EqualTo(table.GetString()), $"{updates} updates");
            optimizer.Step(1.0);
        }
    }

    // Layers of 2 and of 6; the greatest of thousands of uniform numbers is within 1 % of the bound.
    [TestCase(2)]
    [TestCase(6)]
    public void FixupScheme_HasThePublishedFactors(int depth)
    {
        using var network = Initialized(new TransformerOptions(Depth: depth, Width: 32, FeedForward: 64), "transformer-fixup");
        var expected = TransformerReference.File.GetProperty("factors").GetProperty($"{depth}+{depth}").GetProperty("fixup attention");

        using (Assert.EnterMultipleScope())
        {
            foreach (var item in expected.EnumerateObject().Where(item => item.Value.ValueKind == JsonValueKind.Number))
                Assert.That(XavierFactor(network, item.Name), Is.EqualTo(item.Value.GetDouble()).Within(0.01), item.Name);
            Assert.That(Deviation(network, "encoder.embed_tokens.weight"), Is.EqualTo(1).Within(0.1));
        }
    }

    [TestCase(2)]
    [TestCase(6)]
    public void TFixupScheme_HasThePublishedFactors(int depth)
    {
        using var network = Initialized(new TransformerOptions(new TFixupMethod(), Depth: depth, Width: 32, FeedForward: 64), "t-fixup");
        var expected = TransformerReference.File.GetProperty("factors").GetProperty($"{depth}+{depth}").GetProperty("t-fixup");

        using (Assert.EnterMultipleScope())
        {
            foreach (var (entry, name) in TFixupNames)
                Assert.That(XavierFactor(network, name), Is.EqualTo(expected.GetProperty(entry)[1].GetDouble()).Within(0.01), name);
            Assert.That(Deviation(network, "encoder.embed_tokens.weight"), Is.EqualTo(Math.Pow(9 * depth, -0.25)).Within(0.05));
            Assert.That(Deviation(network, "decoder.embed_out"), Is.EqualTo(1).Within(0.1));
        }
    }

    // arXiv:2203.00555, Figure 2, worked by hand: N = 18, M = 6.
    [Test]
    public void DeepNorm_HasThePublishedFactors()
    {
        using var network = Initialized(new TransformerOptions(new DeepNormMethod(), Depth: 18, DecoderDepth: 6, Width: 32, FeedForward: 64), "deepnorm");
        double Shortcut(NetworkSide side) => network.Topology.Branches.First(branch => branch.Side == side).ShortcutSteps.OfType<ScaleStep>().Single().Factor;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Shortcut(NetworkSide.Encoder), Is.EqualTo(1.8661).Within(1e-4));
            Assert.That(Shortcut(NetworkSide.Decoder), Is.EqualTo(2.0598).Within(1e-4));
            Assert.That(NormalFactor(network, "encoder.layers.0.fc1.weight"), Is.EqualTo(0.3776).Within(0.03));
            Assert.That(NormalFactor(network, "decoder.layers.0.encoder_attn.v_proj.weight"), Is.EqualTo(0.3433).Within(0.03));
            Assert.That(NormalFactor(network, "decoder.layers.0.encoder_attn.q_proj.weight"), Is.EqualTo(1).Within(0.1));
        }
    }

    [Test]
    public void ReZero_SharesOneMultiplierALayer()
    {
        using var network = new Transformer(new TransformerOptions(new ReZeroMethod(), Depth: 2, Width: 32), Vocabulary);

        Assert.That(network.named_parameters().Where(item => item.parameter.numel() == 1).Select(item => item.name), Is.EquivalentTo(
            (string[])["encoder.layers.0.resweight", "encoder.layers.1.resweight", "decoder.layers.0.resweight", "decoder.layers.1.resweight"]));
    }

    [Test]
    public void Dropout_FollowsTheSeedAlone()
    {
        using var scope = NewDisposeScope();
        var network = Initialized(new TransformerOptions(new PreLayerNormMethod(), Depth: 1, Width: 32, Dropout: 0.3), "transformer");
        var tokens = TransformerReference.Tokens();
        Tensor Run(ulong seed, int first, int count)
        {
            using var drawing = network.Draws.Begin(seed, first);
            return network.call(tokens.narrow(0, first, count));
        }

        var (whole, again, other, silent) = (Run(1, 0, 4), Run(1, 0, 4), Run(2, 0, 4), network.call(tokens));

        using (Assert.EnterMultipleScope())
        {
            Assert.That((whole - again).abs().max().ToDouble(), Is.Zero);
            Assert.That((whole - other).abs().max().ToDouble(), Is.GreaterThan(0));
            Assert.That((whole - silent).abs().max().ToDouble(), Is.GreaterThan(0));
        }
    }

    [Test]
    public void Create_Throws_WhenAllEmbeddingsAreOneAndTheVocabulariesDiffer() => Assert.That(
        () => new Transformer(new TransformerOptions(Width: 32, Sharing: EmbeddingSharing.All), 50, 60), Throws.ArgumentException.With.Message.Contains("60 and 50 symbols"));

    [Test]
    public void Create_Throws_WhenTheMethodIsForImages() => Assert.That(
        () => new Transformer(new TransformerOptions(new BatchNormMethod(), Width: 32), Vocabulary),
        Throws.ArgumentException.With.Message.Contains("\"batchnorm\"").And.Message.Contains("\"pre-layernorm\""));

    [Test]
    public void Images_Refuse_AMethodForSentences() => Assert.That(
        () => new ResNetCifar(new ResNetCifarOptions(new TFixupMethod())), Throws.ArgumentException.With.Message.Contains("\"t-fixup\"").And.Message.Contains("\"batchnorm\""));

    [Test]
    public void Forward_Throws_WhenTokensHaveTheWrongShape()
    {
        using var network = new Transformer(new TransformerOptions(Width: 32), Vocabulary);
        using var tokens = zeros([4, 9], dtype: ScalarType.Int64);

        Assert.That(() => network.call(tokens), Throws.TypeOf<ShapeMismatchException>().With.Message.Contains("[4,9]"));
    }

    private static readonly (string Entry, string Name)[] TFixupNames =
    [
        ("encoder self_attn.q_proj, k_proj", "encoder.layers.1.self_attn.k_proj.weight"), ("encoder self_attn.v_proj", "encoder.layers.1.self_attn.v_proj.weight"),
        ("encoder self_attn.out_proj", "encoder.layers.0.self_attn.out_proj.weight"), ("encoder fc1, fc2", "encoder.layers.0.fc2.weight"),
        ("decoder self_attn.q_proj, k_proj", "decoder.layers.0.self_attn.q_proj.weight"), ("decoder encoder_attn.v_proj", "decoder.layers.0.encoder_attn.v_proj.weight"),
        ("decoder encoder_attn.out_proj", "decoder.layers.1.encoder_attn.out_proj.weight"), ("decoder fc1, fc2", "decoder.layers.1.fc1.weight"),
    ];

    [GeneratedRegex(@"layers\.\d+")]
    private static partial Regex LayerNumber();

    private static Transformer Initialized(TransformerOptions options, string scheme)
    {
        var network = new Transformer(options, Vocabulary);
        Cases.Initialize(network, scheme, seed: 1);
        return network;
    }

    private static Tensor Loss(Transformer network) => nn.functional.cross_entropy(
        network.call(TransformerReference.Tokens()).reshape(-1, Vocabulary), TransformerReference.Part("target").reshape(-1), ignore_index: Symbols.Pad);

    // The greatest number over Xavier's uniform bound.
    private static double XavierFactor(Transformer network, string name) => Of(network, name, weight => weight.abs().max().ToDouble() / Math.Sqrt(6.0 / weight.shape.Sum()));

    private static double NormalFactor(Transformer network, string name) => Of(network, name, weight => weight.std().ToDouble() / Math.Sqrt(2.0 / weight.shape.Sum()));

    // The standard deviation times √d.
    private static double Deviation(Transformer network, string name) => Of(network, name, weight => weight.std().ToDouble() * Math.Sqrt(weight.shape[1]));

    private static double Of(Transformer network, string name, Func<Tensor, double> measure)
    {
        using var scope = NewDisposeScope();
        return measure(network.named_parameters().Single(item => item.name == name).parameter.detach());
    }
}
