using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FixupNet.Runs.Files;

namespace FixupNet.Training.Data.Text;

/// <summary>The subwords that a run translates with: learned once, kept beside its weights.</summary>
/// <param name="Source">Of the source's language.</param>
/// <param name="Target">Of the target's language; the same object where the languages share them.</param>
public sealed record Vocabulary(Subwords Source, Subwords Target)
{
    /// <summary>The name of its file.</summary>
    public const string FileName = "vocabulary.json";

    private static readonly JsonSerializerOptions s_json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Whether both languages share one.</summary>
    public bool IsJoint => ReferenceEquals(Source, Target);

    /// <summary>SHA-256 of all units and merges, in lower-case hex: which vocabulary this is.</summary>
    public string Digest => DigestOf(Parts);

    /// <summary>Learns it from sentences and their translations.</summary>
    /// <param name="text">The training split.</param>
    /// <param name="mergeCount">Merges at most, of each language or of both together.</param>
    /// <param name="isJoint">Whether both share one.</param>
    public static Vocabulary Learn(ParallelText text, int mergeCount, bool isJoint)
    {
        if (!isJoint) return new(Subwords.Learn(text.Source, mergeCount), Subwords.Learn(text.Target, mergeCount));
        var both = Subwords.Learn(text.Source.Concat(text.Target), mergeCount);
        return new(both, both);
    }

    /// <summary>Writes it.</summary>
    /// <param name="path">The file.</param>
    public void Write(string path) => DurableFile.WriteAllText(path, JsonSerializer.Serialize(new Document(1, Digest, Parts), s_json) + "\n");

    /// <summary>Reads it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="digest">The one it must be, or its beginning; null for any.</param>
    /// <exception cref="FileNotFoundException">It is not there.</exception>
    /// <exception cref="DatasetCorruptException">It is damaged, or the vocabulary of another run.</exception>
    public static Vocabulary Read(string path, string? digest = null)
    {
        var document = Parse(path);
        var found = DigestOf(document.Languages);
        if (found != document.Digest) throw new DatasetCorruptException(path, $"units of digest {found[..12]}", $"{document.Digest[..12]}, which the file itself names", note: "The file was changed: copy it again from the run's folder.");
        if (digest is not null && !found.StartsWith(digest, StringComparison.Ordinal))
            throw new DatasetCorruptException(path, $"the vocabulary {found[..12]}", $"{digest[..12]}, which the weights were trained with", note: "It is another run's: its numbers mean other words.");
        Subwords[] parts = [.. document.Languages.Select(part => new Subwords(part.Characters, [.. part.Merges.Select(merge => (merge[0], merge[1]))]))];
        return new(parts[0], parts[^1]);
    }

    private static Document Parse(string path)
    {
        try
        {
            if (JsonSerializer.Deserialize<Document>(File.ReadAllText(path), s_json) is { Digest.Length: 64, Languages: { Length: 1 or 2 } parts } document && parts.All(IsWhole)) return document;
            throw new JsonException();
        }
        catch (JsonException failure)
        {
            throw new DatasetCorruptException(path, "what is no vocabulary", "the file that the run wrote", failure, "Copy it again from the run's folder.");
        }
    }

    private static bool IsWhole(Part? part) =>
        part is { Characters: not null, Merges: not null } && part.Characters.All(unit => unit is not null) && part.Merges.All(merge => merge is [not null, not null]);

    private Part[] Parts => [.. (IsJoint ? (Subwords[])[Source] : [Source, Target]).Select(words => new Part(
        [.. words.Characters], [.. words.Merges.Select(merge => (string[])[merge.Left, merge.Right])]))];

    private static string DigestOf(Part[] parts) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(parts, s_json))));

    private sealed record Document(int Format, string Digest, Part[] Languages);

    private sealed record Part(string[] Characters, string[][] Merges);
}
