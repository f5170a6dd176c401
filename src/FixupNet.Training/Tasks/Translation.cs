using FixupNet.Architectures;
using FixupNet.Augmentation;
using FixupNet.Decoding;
using FixupNet.Runs.Metrics;
using FixupNet.Runs.Records;
using FixupNet.Training.Data.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Training.Tasks;

/// <summary>Translating sentences: cross-entropy a word, perplexity and BLEU.</summary>
public sealed class Translation : ITask
{
    // Sentences searched for at once.
    private const int SentencesAtOnce = 100;

    private readonly TranslationOptions _options;
    private readonly TaskContext _context;
    private readonly TranslationData _data;
    private readonly EncodedText _train;
    private readonly EncodedText _test;
    private readonly SentenceBatches _batches;

    /// <summary>Reads the text and learns its vocabulary.</summary>
    /// <param name="options">Which text, and how it is translated.</param>
    /// <param name="context">Seeds, device, and pairs of a batch at most.</param>
    /// <exception cref="Data.DatasetMissingException">A file is not there.</exception>
    /// <exception cref="Data.DatasetCorruptException">A file is no text, or two have not as many lines.</exception>
    public Translation(TranslationOptions options, TaskContext context)
    {
        (_options, _context, _data) = (options, context, TranslationData.Load(options));
        (_train, _test) = (EncodedText.Of(_data.Train, _data.Vocabulary), EncodedText.Of(_data.Test, _data.Vocabulary));
        _batches = new SentenceBatches(_train, options.TokensPerBatch, context.Batches.BatchSize, context.Seeds);
    }

    /// <summary>Its name and what it measures.</summary>
    public static TaskRecord Record { get; } = new(
        "translation",
        [
            Metric.LossIn("cross-entropy a word"), new("perplexity", Better: MetricDirection.Lower, Summed: MetricSumming.ExponentialOfMean),
            new("bleu", Summed: MetricSumming.Whole), new("exact", Metric.Share, Summed: MetricSumming.Whole),
        ],
        BestBy: "bleu", Examples: "sentences");

    /// <summary>The shape that a network for a vocabulary is made for.</summary>
    /// <param name="vocabulary">The vocabulary.</param>
    /// <param name="length">Symbols of a sentence that memory is planned for.</param>
    public static ImageShape ShapeOf(Vocabulary vocabulary, int length = 32) => new(vocabulary.Source.Units.Count, 1, length);

    /// <summary>Reads the vocabulary that a run wrote.</summary>
    /// <param name="folder">The run's folder.</param>
    /// <param name="dataDigest">The digest of the run's data; null where nobody knows it.</param>
    /// <exception cref="FileNotFoundException">It is not there.</exception>
    /// <exception cref="Data.DatasetCorruptException">It is damaged, or another run's.</exception>
    public static Vocabulary VocabularyOf(string folder, string? dataDigest) =>
        Vocabulary.Read(Path.Combine(folder, Vocabulary.FileName), dataDigest is null ? null : TranslationData.VocabularyOf(dataDigest));

    /// <inheritdoc/>
    public string DataName => _data.Name;

    /// <inheritdoc/>
    public string DataDigest => _data.Digest;

    /// <inheritdoc/>
    public ImageShape Inputs => ShapeOf(_data.Vocabulary, Enumerable.Range(0, _train.Count).Max(_train.LengthOf));

    /// <inheritdoc/>
    public int OutputCount => _data.Vocabulary.Target.Units.Count;

    /// <inheritdoc/>
    public int TrainCount => _train.Count;

    /// <inheritdoc/>
    public int TestCount => _test.Count;

    /// <inheritdoc/>
    public int BatchesPerEpoch => _batches.Count;

    /// <inheritdoc/>
    public Batch Training(int epoch, int index) => BatchOf(_train, _batches.At(epoch, index)) with { DropSeed = _context.Seeds.Dropout(epoch, index) };

    /// <inheritdoc/>
    public Tensor Loss(Tensor outputs, Batch batch) => SequenceLoss.Mean(outputs, ((SentenceBatch)batch).Targets, _context.LabelSmoothing);

    /// <inheritdoc/>
    public IReadOnlyList<MetricTotal> Measure(Tensor outputs, Batch batch) => Measured(outputs, (SentenceBatch)batch);

    /// <summary>What is measured of a batch beside the loss, without label smoothing.</summary>
    /// <param name="outputs">Logits [N,T,V].</param>
    /// <param name="batch">What was asked.</param>
    public static IReadOnlyList<MetricTotal> Measured(Tensor outputs, SentenceBatch batch)
    {
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        return [new("perplexity", SequenceLoss.Sum(outputs.detach(), batch.Targets).ToDouble(), batch.Weight)];
    }

    /// <inheritdoc/>
    public Evaluation Evaluate(nn.Module<Tensor, Tensor> network, Func<Tensor, Tensor> forward, int? maxExamples, CancellationToken cancellation)
    {
        using var mode = no_grad();
        var count = Math.Min(_test.Count, maxExamples ?? _test.Count);
        // Those of like length together.
        var order = Enumerable.Range(0, count).OrderBy(_test.LengthOf).Chunk(SentencesAtOnce).ToArray();
        var (sum, words, translations) = (0.0, 0L, new string[count]);
        foreach (var pairs in order)
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var batch = BatchOf(_test, pairs);
            sum += SequenceLoss.Sum(forward(batch.Input), batch.Targets).ToDouble();
            words += (long)batch.Weight;
            var found = Translator.Translate((Transformer)network, _data.Vocabulary, batch.Input.select(1, 0), _options.Search);
            foreach (var (pair, translation) in pairs.Zip(found)) translations[pair] = translation;
        }
        var references = _data.Test.Target.Take(count).ToArray();
        var exact = translations.Zip(references).Count(pair => pair.First == pair.Second);
        return new Evaluation(
            new MetricValues(
                (Metric.Loss, sum / words), ("perplexity", Math.Exp(sum / words)), ("bleu", Bleu.Score(translations, references, _options.Lowercase).Score), ("exact", exact / (double)count)),
            count);
    }

    /// <inheritdoc/>
    public void WriteFiles(string folder) => _data.Vocabulary.Write(Path.Combine(folder, Vocabulary.FileName));

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private SentenceBatch BatchOf(EncodedText text, IReadOnlyList<int> pairs)
    {
        using var scope = NewDisposeScope();
        var (tokens, targets, length) = text.Rows(pairs);
        return new SentenceBatch(
            tensor(tokens, [pairs.Count, 2, length]).to(_context.Device).MoveToOuterDisposeScope(), tensor(targets, [pairs.Count, length]).to(_context.Device).MoveToOuterDisposeScope(),
            [.. pairs.Select(pair => text.Target[pair].Count + 1)])
        {
            Indices = tensor([.. pairs.Select(pair => (long)pair)]).to(_context.Device).MoveToOuterDisposeScope(),
        };
    }
}
