using System.Diagnostics;
using FixupNet.Architectures;
using FixupNet.Augmentation;
using FixupNet.Decoding;
using FixupNet.Initialization;
using FixupNet.Initialization.Schemes;
using FixupNet.Methods;
using FixupNet.Optimization;
using FixupNet.Randomness;
using FixupNet.Schedules;
using FixupNet.Training.Data.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Training.Tests.Data.Text;

/// <summary>What the generated language asks of a network.</summary>
[Category("Slow")]
public class SyntheticLearningTests
{
    private const int StepCount = 1200;

    [Test]
    public void Transformer_LearnsIt() => Assert.That(ExactShare(blind: false), Is.GreaterThanOrEqualTo(0.9));

    // The decoder sees no source: what is left is the language's grammar.
    [Test]
    public void Transformer_DoesNot_WithoutAttentionToTheSource() => Assert.That(ExactShare(blind: true), Is.LessThan(0.1));

    private static double ExactShare(bool blind)
    {
        using var scope = NewDisposeScope();
        var (train, test) = SyntheticTranslation.Draw(10_000, 100, seed: 1);
        var vocabulary = Vocabulary.Learn(train, 150, isJoint: true);
        var (text, tested) = (EncodedText.Of(train, vocabulary), EncodedText.Of(test, vocabulary));
        var batches = new SentenceBatches(text, 2048, 128, new SeedPlan(1));
        var network = new Transformer(new TransformerOptions(new PreLayerNormMethod(), Depth: 2, Width: 64, FeedForward: 128, Sharing: EmbeddingSharing.All), vocabulary.Target.Units.Count);
        new TransformerScheme().Apply(network.Topology, seed: 1);
        using var optimizer = new Adam(network.named_parameters(), new AdamOptions(LearningRate: 0.004, Beta2: 0.98), network.Topology);
        var schedule = new InverseSquareRootSchedule(new InverseSquareRootScheduleOptions(WarmupEpochs: 200.0));
        var clock = Stopwatch.StartNew();
        for (var step = 0; step < StepCount; step++)
        {
            using var inner = NewDisposeScope();
            var (tokens, targets) = Rows(text, batches.At(step / batches.Count, step % batches.Count), blind);
            optimizer.ZeroGradients();
            var loss = SequenceLoss.Mean(network.call(tokens), targets, 0);
            loss.backward();
            optimizer.Step(schedule.FactorAt(step + 1));
            if (step % 100 == 99) TestContext.Out.WriteLine($"{step + 1}: {loss.ToDouble():F4}, {clock.Elapsed.TotalSeconds:F1} s, {batches.Count} batches, {vocabulary.Target.Units.Count} units");
        }
        var (source, _) = Rows(tested, [.. Enumerable.Range(0, tested.Count)], blind);
        var found = BeamSearch.Run(network, source.select(1, 0), new BeamSearchOptions(Beam: 1)).Select(best => vocabulary.Target.Decode(best[0].Symbols)).ToArray();
        for (var i = 0; i < 5; i++) TestContext.Out.WriteLine($"{test.Source[i]} | {test.Target[i]} | {found[i]}");
        TestContext.Out.WriteLine($"exact {found.Zip(test.Target).Count(pair => pair.First == pair.Second)}, {clock.Elapsed.TotalSeconds:F1} s");
        return found.Zip(test.Target).Count(pair => pair.First == pair.Second) / (double)found.Length;
    }

    private static (Tensor Tokens, Tensor Targets) Rows(EncodedText text, IReadOnlyList<int> pairs, bool blind)
    {
        var (tokens, targets, length) = text.Rows(pairs);
        var rows = tensor(tokens, [pairs.Count, 2, length]);
        if (blind) rows.select(1, 0).fill_((long)Symbols.End);
        return (rows, tensor(targets, [pairs.Count, length]));
    }
}
