using FixupNet.Architectures;
using FixupNet.Decoding;
using FixupNet.Sequences;
using FixupNet.Tests.Architectures;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Tests.Decoding;

/// <summary>Beam search against PyTorch's (Fixtures/transformer.json), and against the search of everything.</summary>
public class BeamSearchTests
{
    private static IEnumerable<string> Cases => TransformerReference.Cases.Where(name => TransformerReference.File.GetProperty(name).TryGetProperty("decodes", out _));

    [TestCaseSource(nameof(Cases))]
    public void Run_EqualsTheReference(string name)
    {
        using var scope = NewDisposeScope();
        var network = TransformerReference.Create(TransformerReference.OptionsOf(name));
        var expected = TransformerReference.File.GetProperty(name).GetProperty("decodes");

        var greedy = BeamSearch.Run(network, TransformerReference.Part("source"), Fixed(beam: 1));
        var four = BeamSearch.Run(network, TransformerReference.Part("source"), Fixed(beam: 4));

        using (Assert.EnterMultipleScope())
        {
            AreEqual(greedy.Select(found => found[0]), expected.GetProperty("beam 1, best of each sentence"));
            AreEqual(four.Select(found => found[0]), expected.GetProperty("beam 4, best of each sentence"));
            AreEqual(four[0], expected.GetProperty("all of beam 4, first sentence"));
        }
    }

    [TestCase(1)]
    [TestCase(4)]
    public void Run_FindsTheSame_WhenAllWordsAreComputedAgain(int beam)
    {
        using var scope = NewDisposeScope();
        var network = TransformerReference.Create(new TransformerOptions(Depth: 2, Width: 32, FeedForward: 64, Mixer: SequenceMixer.Dynamic, Gate: true));
        var source = TransformerReference.Part("source");

        var (incremental, whole) = (BeamSearch.Run(network, source, Fixed(beam)), BeamSearch.Run(network, source, Fixed(beam), incremental: false));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(incremental.Select(Text), Is.EqualTo(whole.Select(Text)));
            Assert.That(incremental.SelectMany(found => found.Select(hypothesis => hypothesis.Score)), Is.EqualTo(whole.SelectMany(found => found.Select(hypothesis => hypothesis.Score))).Within(1e-12)); // rounding of float64
        }
    }

    [TestCase(1)]
    [TestCase(4)]
    public void Run_EndsEverySentence_WhenTheNetworkHasDiverged(int beam)
    {
        using var scope = NewDisposeScope();
        var network = TransformerReference.Create(new TransformerOptions(Depth: 1, Width: 32, FeedForward: 64));
        using (no_grad()) network.Topology.Classifier.Weight.fill_(double.NaN);

        var found = BeamSearch.Run(network, TransformerReference.Part("source"), Fixed(beam));

        Assert.That(found.Select(hypotheses => hypotheses.Single().Symbols), Is.All.EqualTo((int[])[Symbols.End]));
        Assert.That(found.Select(hypotheses => hypotheses.Single().Score), Is.All.NaN);
    }

    [Test]
    public void Run_FindsTheBestOfAll_WhenTheBeamIsAsWideAsTheTree()
    {
        const int Vocabulary = 7;
        using var scope = NewDisposeScope();
        var network = TransformerReference.Create(new TransformerOptions(Depth: 1, Width: 32, FeedForward: 64));
        using (no_grad())
        {
            // Seven symbols of the fifty can be written.
            using var rest = network.Topology.Classifier.Weight.narrow(0, Vocabulary, TransformerReference.Vocabulary - Vocabulary);
            rest.fill_(0.0);
        }
        var source = TransformerReference.Part("source").narrow(0, 1, 1);
        var memory = network.Encode(source);
        var best = (Symbols: "", Score: double.NegativeInfinity);
        void Grow(List<int> symbols, double score)
        {
            var previous = tensor([.. symbols.Prepend(Symbols.End).Select(symbol => (long)symbol)]).view(1, -1);
            var log = network.Decode(previous, source, memory).select(0, 0).select(0, symbols.Count).log_softmax(0).data<double>().ToArray();
            var ended = (score + log[Symbols.End]) / (symbols.Count + 1);
            if (symbols.Count > 0 && ended > best.Score) best = (string.Join(' ', symbols.Append(Symbols.End)), ended);
            if (symbols.Count == 2) return;
            for (var symbol = 0; symbol < log.Length; symbol++)
                if (symbol is not Symbols.Pad and not Symbols.End) Grow([.. symbols, symbol], score + log[symbol]);
        }
        using (no_grad()) Grow([], 0);

        var found = BeamSearch.Run(network, source, new BeamSearchOptions(Beam: 1000, LengthFactor: 0, LengthOffset: 2))[0][0];

        Assert.That((string.Join(' ', found.Symbols), Math.Abs(found.Score - best.Score) < 1e-12), Is.EqualTo((best.Symbols, true)));
    }

    [Test]
    public void Run_PrefersLongerSentences_WhenTheLengthPenaltyIsHigher()
    {
        using var scope = NewDisposeScope();
        var network = TransformerReference.Create(TransformerReference.OptionsOf("fixup attention"));
        double Length(double penalty) => BeamSearch.Run(network, TransformerReference.Part("source"), Fixed(4) with { LengthPenalty = penalty }).Average(found => found[0].Symbols.Count);

        Assert.That(Length(0), Is.LessThanOrEqualTo(Length(1)).And.LessThan(Length(3) + 1e-9));
    }

    private static BeamSearchOptions Fixed(int beam) => new(beam, LengthFactor: 0, LengthOffset: 10);

    private static string Text(IReadOnlyList<Hypothesis> found) => string.Join(" | ", found.Select(hypothesis => string.Join(' ', hypothesis.Symbols)));

    private static void AreEqual(IEnumerable<Hypothesis> found, System.Text.Json.JsonElement expected)
    {
        foreach (var (hypothesis, item) in found.Zip(expected.EnumerateArray()))
        {
            Assert.That(hypothesis.Symbols, Is.EqualTo(item[0].EnumerateArray().Select(symbol => symbol.GetInt32())));
            Assert.That(hypothesis.Score, Is.EqualTo(item[1].GetDouble()).Within(1e-9)); // the reference's own sensitivity
        }
    }
}
