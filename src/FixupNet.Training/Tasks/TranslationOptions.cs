using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using FixupNet.Decoding;
using FixupNet.Registries;

namespace FixupNet.Training.Tasks;

/// <summary>Options of the task "translation".</summary>
/// <param name="Folder">
/// The folder of the text, relative to the document: two files a split, one a language, plain or gzipped, such as train.de and train.en.gz. Null for the
/// generated language.
/// </param>
/// <param name="Source">What names of files in the source's language end with.</param>
/// <param name="Target">What names of files in the target's language end with.</param>
/// <param name="TrainSplit">What names of the files to learn from begin with.</param>
/// <param name="TestSplit">What names of the files to test with begin with.</param>
/// <param name="TrainExamples">The first pairs to learn from; null for all, of the generated language 10,000.</param>
/// <param name="TestExamples">The first pairs to test with; null for all, of the generated language 200.</param>
/// <param name="DataSeed">Chooses the generated language's sentences.</param>
/// <param name="Merges">Merges of byte-pair encoding at most: the vocabulary's size but for characters; null for 4,000, of the generated language 150.</param>
/// <param name="JointVocabulary">Whether both languages share one vocabulary, as a model that shares all embeddings needs.</param>
/// <param name="TokensPerBatch">Symbols of a batch at most, pads counted; training.batchSize limits its pairs.</param>
/// <param name="Beam">Hypotheses that go on at once where BLEU is measured; 1 is greedy.</param>
/// <param name="LengthPenalty">Power of the length that a hypothesis's log probability is divided by.</param>
/// <param name="Lowercase">Whether BLEU drops case.</param>
public sealed record TranslationOptions(
    [property: Description("Folder of the text; null: a generated language."), FilePath] string? Folder = null,
    [property: Description("Ending of the source's files.")] string Source = "de",
    [property: Description("Ending of the target's files.")] string Target = "en",
    [property: Description("Beginning of the training files' names.")] string TrainSplit = "train",
    [property: Description("Beginning of the test files' names.")] string TestSplit = "val",
    [property: Description("The first pairs to learn from; null: all, of the generated language 10,000."), Range(1, 10_000_000)] int? TrainExamples = null,
    [property: Description("The first pairs to test with; null: all, of the generated language 200."), Range(1, 10_000_000)] int? TestExamples = null,
    [property: Description("Chooses the generated language's sentences."), Range(0.0, 9007199254740992.0)] long DataSeed = 1,
    [property: Description("Merges of byte-pair encoding at most; null: 4,000, of the generated language 150."), Range(0, 1_000_000)] int? Merges = null,
    [property: Description("One vocabulary for both languages.")] bool JointVocabulary = true,
    [property: Description("Symbols of a batch at most, pads counted."), Range(8, 100_000_000)] int TokensPerBatch = 4096,
    [property: Description("Hypotheses that go on at once where BLEU is measured; 1: greedy."), Range(1, 1000)] int Beam = 1,
    [property: Description("Power of the length that a hypothesis's log probability is divided by."), Range(0.0, 10.0)] double LengthPenalty = 1,
    [property: Description("Whether BLEU drops case.")] bool Lowercase = false) : IValidatedOptions
{
    /// <inheritdoc/>
    public IEnumerable<(string Member, string Message)> Validate()
    {
        foreach (var (member, name) in ((string, string)[])[(nameof(Source), Source), (nameof(Target), Target), (nameof(TrainSplit), TrainSplit), (nameof(TestSplit), TestSplit)])
            if (name.Length == 0 || Path.GetFileName(name) != name) yield return (member, $"is \"{name}\"; must be part of a file's name");
        if (Source == Target) yield return (nameof(Target), $"is \"{Target}\", as the source; must be another language");
        if (TrainSplit == TestSplit) yield return (nameof(TestSplit), $"is \"{TestSplit}\", which is learned from; must be another split");
    }

    /// <summary>How translations are searched for.</summary>
    public BeamSearchOptions Search => new(Beam, LengthPenalty);
}
