using System.IO.Compression;
using System.Text;

namespace FixupNet.Training.Data.Text;

/// <summary>Reads a file of sentences, one a line, plain or gzipped.</summary>
public static class TextLines
{
    /// <summary>Characters of a line at most: a longer one is no sentence.</summary>
    public const int MaxLength = 10_000;

    private const byte LineFeed = (byte)'\n';

    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads every line.</summary>
    /// <param name="path">The file; what ends with .gz is unpacked.</param>
    /// <param name="allowEmpty">Whether a line may be empty.</param>
    /// <returns>The lines without their ends.</returns>
    /// <exception cref="DatasetCorruptException">A line is empty, too long or no UTF-8, or the file is empty or no gzip; the message names file and line.</exception>
    public static IReadOnlyList<string> Read(string path, bool allowEmpty = false)
    {
        using var file = File.OpenRead(path);
        if (!path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase)) return Read(file, path, allowEmpty);
        try
        {
            using var unpacked = new GZipStream(file, CompressionMode.Decompress);
            return Read(unpacked, path, allowEmpty);
        }
        catch (InvalidDataException failure)
        {
            throw new DatasetCorruptException(path, "what is no gzip, or damaged", "gzipped text", failure, "Give it the name of a plain file, or fetch it again.");
        }
    }

    /// <summary>Reads every line of a stream.</summary>
    /// <param name="stream">UTF-8.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="allowEmpty">Whether a line may be empty.</param>
    /// <exception cref="DatasetCorruptException">As <see cref="Read(string, bool)"/>.</exception>
    public static IReadOnlyList<string> Read(Stream stream, string name, bool allowEmpty = false)
    {
        using var all = new MemoryStream();
        stream.CopyTo(all);
        ReadOnlySpan<byte> rest = all.GetBuffer().AsSpan(0, (int)all.Length);
        if (rest.StartsWith(Encoding.UTF8.Preamble)) rest = rest[Encoding.UTF8.Preamble.Length..];
        var lines = new List<string>();
        while (rest.Length > 0)
        {
            var end = rest.IndexOf(LineFeed);
            var line = end < 0 ? rest : rest[..end];
            rest = end < 0 ? [] : rest[(end + 1)..];
            lines.Add(Decode(line.TrimEnd((byte)'\r'), $"{name}, line {lines.Count + 1}", allowEmpty));
        }
        return lines.Count > 0 ? lines : throw new DatasetCorruptException(name, "no line", "a sentence a line");
    }

    private static string Decode(ReadOnlySpan<byte> bytes, string place, bool allowEmpty)
    {
        string line;
        try
        {
            line = s_strict.GetString(bytes);
        }
        catch (DecoderFallbackException failure)
        {
            throw new DatasetCorruptException(place, $"byte 0x{failure.BytesUnknown?.FirstOrDefault():X2} at byte {failure.Index + 1} of the line", "UTF-8", failure, "Convert the file to UTF-8.");
        }
        if (line.Length > MaxLength)
            throw new DatasetCorruptException(place, $"{line.Length} characters", $"a sentence of at most {MaxLength}", note: "Cut the line, or leave it out of both languages.");
        if (!allowEmpty && string.IsNullOrWhiteSpace(line))
            throw new DatasetCorruptException(place, "an empty line", "a sentence", note: "Leave the line out of both languages.");
        return line;
    }
}
