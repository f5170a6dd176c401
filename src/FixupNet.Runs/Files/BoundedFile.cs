namespace FixupNet.Runs.Files;

/// <summary>Reads files that have to be small, and no more of them than that: a file may be anything, and may be endless.</summary>
public static class BoundedFile
{
    private const int FirstBytes = 1 << 14;

    /// <summary>Reads a whole file, also while another process replaces it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="maxBytes">The largest that it may be.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is larger.</exception>
    public static ReadOnlyMemory<byte> Read(string path, int maxBytes)
    {
        var content = ReadBeginning(path, maxBytes + 1);
        return content.Length <= maxBytes ? content : throw new InvalidDataException($"{path}: is larger than {maxBytes} bytes, the most that such a file may have.");
    }

    /// <summary>Reads a file, or the beginning of one that is longer.</summary>
    /// <param name="path">The file.</param>
    /// <param name="mostBytes">How much to read at most.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static ReadOnlyMemory<byte> ReadBeginning(string path, int mostBytes)
    {
        // Shared for deletion, or Windows would refuse to replace the file while it is read.
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        // A hint only: a pipe or a device has no length, and a file may grow.
        var expected = stream.CanSeek ? stream.Length : 0;
        var content = new byte[Math.Min(Math.Max(expected + 1, FirstBytes), mostBytes)];
        var length = 0;
        for (int read; length < mostBytes && (read = stream.Read(content, length, content.Length - length)) > 0;)
        {
            length += read;
            if (length == content.Length) Array.Resize(ref content, (int)Math.Min(2L * length, mostBytes));
        }
        return content.AsMemory(0, length);
    }
}
