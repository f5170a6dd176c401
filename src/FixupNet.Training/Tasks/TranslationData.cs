using System.Security.Cryptography;
using System.Text;
using FixupNet.Training.Data;
using FixupNet.Training.Data.Text;

namespace FixupNet.Training.Tasks;

/// <summary>Both splits of a text and its vocabulary.</summary>
/// <param name="Name">What the text is called.</param>
/// <param name="Train">Pairs to learn from.</param>
/// <param name="Test">Pairs to test with.</param>
/// <param name="Vocabulary">Learned from the former.</param>
internal sealed record TranslationData(string Name, ParallelText Train, ParallelText Test, Vocabulary Vocabulary)
{
    private const int HalfDigest = 32;
    private const int GeneratedTrain = 10_000;
    private const int GeneratedTest = 200;
    private const int GeneratedMerges = 150;
    private const int Merges = 4000;

    /// <summary>What a run learns from, as hexadecimal digits: half of the texts' SHA-256, half of the vocabulary's.</summary>
    internal string Digest => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Train.Digest}\n{Test.Digest}")))[..HalfDigest] + Vocabulary.Digest[..HalfDigest];

    /// <summary>The beginning of the vocabulary's digest, from a run's <see cref="Digest"/>.</summary>
    internal static string VocabularyOf(string digest) => digest.Length == 2 * HalfDigest ? digest[HalfDigest..] : throw new InvalidDataException($"\"{digest}\" is no digest of a translation's data.");

    /// <summary>Reads or draws the text and learns its vocabulary.</summary>
    /// <exception cref="DatasetMissingException">A file is not there.</exception>
    /// <exception cref="DatasetCorruptException">A file is no text, or two have not as many lines.</exception>
    internal static TranslationData Load(TranslationOptions options)
    {
        var (train, test) = options.Folder is { } folder
            ? (Read(folder, options.TrainSplit, options).Take(options.TrainExamples), Read(folder, options.TestSplit, options).Take(options.TestExamples))
            : SyntheticTranslation.Draw(options.TrainExamples ?? GeneratedTrain, options.TestExamples ?? GeneratedTest, options.DataSeed);
        var name = options.Folder is null ? "synthetic-translation" : $"{Path.GetFileName(Path.TrimEndingDirectorySeparator(options.Folder))}, {options.Source} to {options.Target}";
        return new(name, train, test, Vocabulary.Learn(train, options.Merges ?? (options.Folder is null ? GeneratedMerges : Merges), options.JointVocabulary));
    }

    /// <summary>Looks whether the files are there.</summary>
    /// <exception cref="DatasetMissingException">One is not.</exception>
    internal static void RequireFiles(TranslationOptions options)
    {
        if (options.Folder is not { } folder) return;
        foreach (var split in (string[])[options.TrainSplit, options.TestSplit]) ParallelText.Require(folder, split, options.Source, options.Target);
    }

    private static ParallelText Read(string folder, string split, TranslationOptions options) => ParallelText.Read(folder, split, options.Source, options.Target);
}
