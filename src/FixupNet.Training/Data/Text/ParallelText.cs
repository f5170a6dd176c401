using System.Security.Cryptography;
using System.Text;

namespace FixupNet.Training.Data.Text;

/// <summary>Sentences and their translations.</summary>
/// <param name="Source">Sentences.</param>
/// <param name="Target">Their translations, in the same order.</param>
public sealed record ParallelText(IReadOnlyList<string> Source, IReadOnlyList<string> Target)
{
    /// <summary>Pairs.</summary>
    public int Count => Source.Count;

    /// <summary>SHA-256 of all sentences, in lower-case hex: what text a run has seen.</summary>
    public string Digest
    {
        get
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            foreach (var line in Source.Concat(Target)) hash.AppendData(Encoding.UTF8.GetBytes(line + "\n"));
            return Convert.ToHexStringLower(hash.GetHashAndReset());
        }
    }

    /// <summary>The first pairs.</summary>
    /// <param name="count">How many at most; null for all.</param>
    public ParallelText Take(int? count) => count is not { } most || most >= Count ? this : new([.. Source.Take(most)], [.. Target.Take(most)]);

    /// <summary>Reads the two files of a split, such as train.de and train.en, plain or as train.de.gz.</summary>
    /// <param name="folder">Where they lie.</param>
    /// <param name="split">What their names begin with, such as "train".</param>
    /// <param name="source">What the source's name ends with, such as "de".</param>
    /// <param name="target">What the target's name ends with.</param>
    /// <exception cref="DatasetMissingException">A file is not there; the message says what was looked for.</exception>
    /// <exception cref="DatasetCorruptException">A file is no text, or they have not as many lines.</exception>
    public static ParallelText Read(string folder, string split, string source, string target)
    {
        var (sourcePath, targetPath) = (PathOf(folder, $"{split}.{source}"), PathOf(folder, $"{split}.{target}"));
        var text = new ParallelText(TextLines.Read(sourcePath), TextLines.Read(targetPath));
        if (text.Source.Count == text.Target.Count) return text;
        throw new DatasetCorruptException(
            targetPath, $"{text.Target.Count} lines", $"{text.Source.Count}, as many as {sourcePath} has", note: "Line n of one file is the translation of line n of the other.");
    }

    /// <summary>Looks whether the two files of a split are there.</summary>
    /// <param name="folder">Where they lie.</param>
    /// <param name="split">What their names begin with.</param>
    /// <param name="source">What the source's name ends with.</param>
    /// <param name="target">What the target's name ends with.</param>
    /// <exception cref="DatasetMissingException">One is not; the message says what was looked for.</exception>
    public static void Require(string folder, string split, string source, string target)
    {
        PathOf(folder, $"{split}.{source}");
        PathOf(folder, $"{split}.{target}");
    }

    private static string PathOf(string folder, string name)
    {
        var plain = Path.Combine(folder, name);
        if (File.Exists(plain)) return plain;
        var packed = $"{plain}.gz";
        return File.Exists(packed) ? packed : throw new DatasetMissingException(folder, [name], $"A split is two files, one a language, plain or gzipped: {name} or {name}.gz, and its translation.");
    }
}
