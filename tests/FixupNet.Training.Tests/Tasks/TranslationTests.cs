using FixupNet.Architectures;
using FixupNet.Initialization;
using FixupNet.Initialization.Schemes;
using FixupNet.Methods;
using FixupNet.Randomness;
using FixupNet.Training.Data;
using FixupNet.Training.Data.Text;
using FixupNet.Training.Tasks;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Training.Tests.Tasks;

public class TranslationTests
{
    private static readonly TranslationOptions s_options = new(TrainExamples: 60, TestExamples: 6, Merges: 20);

    [Test]
    public void Loss_OfPartsByTheirWords_IsThatOfTheWhole()
    {
        using var scope = NewDisposeScope();
        using var task = Open(s_options);
        var network = NetworkOf(task);
        var batch = task.Training(0, 0);
        var (first, rest) = (batch.Slice(0, 5), batch.Slice(5, batch.Count - 5));
        double Loss(Batch part) => task.Loss(network.call(part.Input), part).ToDouble();

        var together = (Loss(first) * first.Weight + Loss(rest) * rest.Weight) / batch.Weight;

        Assert.That(together, Is.EqualTo(Loss(batch)).Within(1e-5)); // rounding of float32
    }

    [Test]
    public void Evaluate_MeasuresWhatTheRecordNames()
    {
        using var scope = NewDisposeScope();
        using var task = Open(s_options);

        var measured = ((ITask)task).Evaluate(NetworkOf(task), maxExamples: 4);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(measured.Values.Select(value => value.Name), Is.EqualTo(Translation.Record.Metrics.Select(metric => metric.Name)));
            Assert.That(measured.ExampleCount, Is.EqualTo(4));
            Assert.That(measured.Values["perplexity"], Is.EqualTo(Math.Exp(measured.Loss)).Within(1e-9));
            Assert.That(measured.Values["bleu"], Is.InRange(0, 100));
        }
    }

    [Test]
    public void WriteFiles_KeepsTheVocabularyThatTheDigestNames()
    {
        var folder = Directory.CreateTempSubdirectory("fixupnet-translation-").FullName;
        using var task = Open(s_options);
        using var other = Open(s_options with { Merges = 21 });

        task.WriteFiles(folder);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Translation.VocabularyOf(folder, task.DataDigest).Target.Units, Has.Count.EqualTo(task.OutputCount));
            Assert.That(() => Translation.VocabularyOf(folder, other.DataDigest), Throws.TypeOf<DatasetCorruptException>());
        }
        Directory.Delete(folder, recursive: true);
    }

    [Test]
    public void Open_Throws_WhenASentenceIsLongerThanABatch() => Assert.That(
        () => Open(s_options with { TokensPerBatch = 8 }), Throws.ArgumentException.With.Message.Contains("more than the 8 of a batch"));

    [Test]
    public void Open_SeparatesVocabularies_WhenAsked()
    {
        using var task = Open(s_options with { JointVocabulary = false });

        Assert.That(task.Inputs.Channels, Is.Not.EqualTo(task.OutputCount));
    }

    [Test]
    public void Translate_KeepsEmptySentencesAndTheirOrder()
    {
        using var scope = NewDisposeScope();
        using var task = Open(s_options);
        var vocabulary = Vocabulary.Learn(SyntheticTranslation.Draw(60, 6, seed: 1).Train, 20, isJoint: true);
        var network = NetworkOf(task);
        network.eval();
        string[] sentences = ["the dog sees Kalo.", "", "the cats like the old red house near the tree."];

        var together = Translator.Translate(network, vocabulary, sentences, s_options.Search, CPU);
        var alone = sentences.Select(sentence => Translator.Translate(network, vocabulary, [sentence], s_options.Search, CPU)[0]);

        Assert.That(together, Is.EqualTo(alone).And.One.Empty);
    }

    private static Transformer NetworkOf(ITask task)
    {
        var network = new Transformer(new TransformerOptions(new PreLayerNormMethod(), Depth: 1, Width: 16), task.OutputCount, task.Inputs.Channels);
        new TransformerScheme().Apply(network.Topology, seed: 1);
        return network;
    }

    private static Translation Open(TranslationOptions options) => new(
        options, new TaskContext(new SeedPlan(1), CPU, new BatchOptions(16, Crop: false, Flip: false, MixupAlpha: 0, ScalarType.Float32), LabelSmoothing: 0.1, () => throw new NotSupportedException()));
}
