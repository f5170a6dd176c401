using FixupNet.Runs.Files;

namespace FixupNet.Runs.Json;

/// <summary>Reads the last line of a file of one JSON object a line from its end: with 10,000 layers a long run writes gigabytes.</summary>
public static class JsonLinesTail
{
    private const int FirstReadBytes = 1 << 16;

    // Holds the longest line whole, wherever it begins.
    private const int MostReadBytes = 2 * LineScanner.MaxLineBytes;

    /// <summary>Reads the last intact line.</summary>
    /// <param name="path">The file.</param>
    /// <param name="hasHeader">Whether the first line is of another kind, and never the one asked for.</param>
    /// <returns>The object, or null where no line is intact.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The line holds something else.</exception>
    public static T? ReadLast<T>(string path, bool hasHeader) where T : class
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        for (long bytes = FirstReadBytes; bytes <= MostReadBytes; bytes *= 2)
        {
            var start = Math.Max(0, stream.Length - bytes);
            // The first line read is the header, or may have lost its beginning.
            var line = LastIn(ReadFrom(stream, start), skipsFirst: start > 0 || hasHeader);
            if (line.Length > 0) return RunJson.Parse<T>(line, path);
            if (start == 0) return null;
        }
        return LastOf<T>(stream, path, hasHeader ? 2 : 1);
    }

    private static ReadOnlySpan<byte> ReadFrom(FileStream stream, long start)
    {
        var end = new byte[stream.Length - start];
        stream.Position = start;
        // The file may shrink meanwhile, when its trial begins anew.
        return end.AsSpan(0, stream.ReadAtLeast(end, end.Length, throwOnEndOfStream: false));
    }

    private static ReadOnlySpan<byte> LastIn(ReadOnlySpan<byte> lines, bool skipsFirst)
    {
        var first = skipsFirst ? lines.IndexOf((byte)'\n') + 1 : 0;
        if (skipsFirst && first == 0) return default;
        for (var rest = lines[first..]; rest.Length > 0;)
        {
            rest = rest.TrimEnd((byte)'\n');
            var line = rest[(rest.LastIndexOf((byte)'\n') + 1)..];
            if (line.Length <= LineScanner.MaxLineBytes && LineScanner.IsJsonObject(line)) return line;
            rest = rest[..^line.Length];
        }
        return default;
    }

    // Megabytes of damage at the end: the whole file is looked through.
    private static T? LastOf<T>(FileStream stream, string path, long firstLine) where T : class
    {
        stream.Position = 0;
        var lines = new LineScanner(stream);
        (byte[] Bytes, long Number)? last = null;
        while (lines.MoveNext())
        {
            if (lines.LineNumber >= firstLine && lines.IsIntact) last = (lines.Line.ToArray(), lines.LineNumber);
        }
        return last is { } found ? RunJson.Parse<T>(found.Bytes, $"{path}:{found.Number}") : null;
    }
}
