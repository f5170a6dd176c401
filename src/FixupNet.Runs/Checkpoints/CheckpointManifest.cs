using System.Text;
using System.Text.Json;
using FixupNet.Runs.Files;
using FixupNet.Runs.Json;

namespace FixupNet.Runs.Checkpoints;

/// <summary>Content of manifest.json: what a checkpoint consists of, down to the last bit.</summary>
/// <param name="Schema">Version of the format.</param>
/// <param name="Step">Updates of the weights so far.</param>
/// <param name="ConfigHash">SHA-256 of the text of the run's config.json, 64 lower-case hexadecimal digits.</param>
/// <param name="Files">The files beside the manifest.</param>
/// <param name="Logs">The run's logs when it was written: what follows in them is written again by a resumed run.</param>
/// <param name="Sha256">SHA-256 of this document as it is written with these digits left out.</param>
public sealed record CheckpointManifest(
    int Schema, long Step, string ConfigHash, IReadOnlyList<CheckpointFile> Files, IReadOnlyList<LogLength> Logs, string Sha256 = "")
{
    /// <summary>Version of the format that this program writes, and the only one that it reads.</summary>
    public const int CurrentSchema = 1;

    /// <summary>Name of the file.</summary>
    public const string FileName = "manifest.json";

    /// <summary>The bytes of the file.</summary>
    internal byte[] ToBytes() => Serialize(this with { Sha256 = Checksums.Of(Serialize(this with { Sha256 = "" })) });

    /// <summary>Reads a file's bytes; only those that <see cref="ToBytes"/> wrote are taken.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="place">The file, for messages.</param>
    /// <exception cref="InvalidDataException">They are damaged, or of another version.</exception>
    internal static CheckpointManifest Parse(ReadOnlySpan<byte> bytes, string place)
    {
        var manifest = RunJson.Parse<CheckpointManifest>(bytes, place);
        if (manifest.Schema != CurrentSchema)
            throw new InvalidDataException($"{place}: has schema {manifest.Schema}; this program reads {CurrentSchema}.");
        // What is written again byte by byte holds nothing that was not understood.
        if (!bytes.SequenceEqual(manifest.ToBytes())) throw new InvalidDataException($"{place}: does not match its own checksum.");
        if (manifest.Files.Any(file => file is null || !RunNames.IsValid(file.Name)) || manifest.Logs.Any(log => log is null || !IsInside(log.Name)))
            throw new InvalidDataException($"{place}: names a file outside its folder.");
        return manifest;
    }

    /// <summary>Length that a log had.</summary>
    /// <param name="name">The log's path in the run's folder, with forward slashes.</param>
    /// <returns>Bytes; 0 for a log that did not exist.</returns>
    public long LengthOf(string name) => Logs.FirstOrDefault(log => log.Name == name)?.Bytes ?? 0;

    private static bool IsInside(string log) => log.Split('/').All(RunNames.IsValid);

    private static byte[] Serialize(CheckpointManifest manifest) =>
        Encoding.UTF8.GetBytes(JsonSerializer.Serialize(manifest, RunJson.Info<CheckpointManifest>(RunJson.Indented)) + "\n");
}

/// <summary>One file of a checkpoint.</summary>
/// <param name="Name">Its name in the checkpoint's folder.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">Its SHA-256, 64 lower-case hexadecimal digits.</param>
public sealed record CheckpointFile(string Name, long Bytes, string Sha256);

/// <summary>How long a log was at a checkpoint.</summary>
/// <param name="Name">Its path in the run's folder, with forward slashes.</param>
/// <param name="Bytes">Its length, at the end of a line.</param>
public sealed record LogLength(string Name, long Bytes);
