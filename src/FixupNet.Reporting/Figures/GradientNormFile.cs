using System.Text.Json;
using FixupNet.Runs;
using FixupNet.Runs.Files;
using FixupNet.Runs.Records;

namespace FixupNet.Reporting.Figures;

/// <summary>Reads the last line of gradient-norms.jsonl from the end of the file: with 10,000 layers a long run writes gigabytes.</summary>
internal static class GradientNormFile
{
    private const int FirstReadBytes = 1 << 20;

    /// <summary>Reads the names of the layers and their norms at the last recorded step.</summary>
    /// <param name="path">The file, which need not exist.</param>
    /// <returns>Both, or null where no step was recorded yet.</returns>
    /// <exception cref="InvalidDataException">The file is damaged, other than by a crash in its last line.</exception>
    public static (GradientNormsHeader Header, GradientNormsLine Last)? ReadLast(string path)
    {
        if (!File.Exists(path) || ReadHeader(path) is not { } header || ReadLastLine(path) is not { } last) return null;
        return last.Norms.Count == header.Layers.Count
            ? (header, last)
            : throw new InvalidDataException($"{path}: step {last.Step} has {last.Norms.Count} norms for {header.Layers.Count} layers.");
    }

    private static GradientNormsHeader? ReadHeader(string path)
    {
        using var reader = new JsonLinesReader(path);
        return reader.Read<GradientNormsHeader>();
    }

    private static GradientNormsLine? ReadLastLine(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        var fileBytes = stream.Length;
        for (long bytes = FirstReadBytes; ; bytes *= 4)
        {
            var end = new byte[Math.Min(bytes, fileBytes)];
            stream.Position = fileBytes - end.Length;
            stream.ReadExactly(end);
            // The first line read is the header, or may have lost its beginning.
            var firstLine = end.AsSpan().IndexOf((byte)'\n') + 1;
            if (firstLine > 0 && ParseLast(end.AsSpan(firstLine), path) is { } line) return line;
            if (end.Length == fileBytes) return null;
        }
    }

    private static GradientNormsLine? ParseLast(ReadOnlySpan<byte> lines, string path)
    {
        JsonException? damage = null;
        for (var end = lines.TrimEnd((byte)'\n'); end.Length > 0;)
        {
            var line = end[(end.LastIndexOf((byte)'\n') + 1)..];
            try
            {
                return JsonSerializer.Deserialize<GradientNormsLine>(line, RunJson.Compact);
            }
            // Only the last line may be damaged, by a crash while it was written.
            catch (JsonException error) when (damage is null)
            {
                damage = error;
            }
            catch (JsonException error)
            {
                throw new InvalidDataException($"{path}: a line is no record of gradient norms: {error.Message}", error);
            }
            end = end[..^line.Length].TrimEnd((byte)'\n');
        }
        return null;
    }
}
