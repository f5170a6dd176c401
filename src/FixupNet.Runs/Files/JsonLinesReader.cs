namespace FixupNet.Runs.Files;

/// <summary>Reads a file of one JSON object a line, also while it grows. A last line that a crash cut off is left out.</summary>
/// <remarks>The last line counts when it is a complete object, be it with or without its line feed: <see cref="JsonLinesWriter"/> keeps the
/// same ones.</remarks>
public sealed class JsonLinesReader : IDisposable
{
    private readonly string _path;
    private readonly FileStream _stream;
    private readonly LineScanner _scanner;

    /// <summary>Opens a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public JsonLinesReader(string path)
    {
        _path = path;
        _stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        _scanner = new LineScanner(_stream, path);
    }

    /// <summary>Whether a damaged last line was left out; known once <see cref="Read"/> has returned null.</summary>
    public bool HasDamagedEnd { get; private set; }

    /// <summary>Reads all lines of a file in which all are of one kind, one by one.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">A line that is not the last one is damaged, or any holds something else.</exception>
    public static IEnumerable<T> ReadAll<T>(string path) where T : class
    {
        using var reader = new JsonLinesReader(path);
        while (reader.Read<T>() is { } line) yield return line;
    }

    /// <summary>Reads the next line.</summary>
    /// <returns>The object, or null after the last intact line.</returns>
    /// <exception cref="InvalidDataException">The line is damaged and not the last one, or holds something else; names file and
    /// line.</exception>
    public T? Read<T>() where T : class
    {
        if (HasDamagedEnd || !MoveNext()) return null;
        var line = _scanner.Line;
        HasDamagedEnd = _scanner.IsLast && !LineScanner.IsJsonObject(line.Span);
        return HasDamagedEnd ? null : RunJson.Parse<T>(line.Span, $"{_path}:{_scanner.LineNumber}");
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    private bool MoveNext()
    {
        try
        {
            return _scanner.MoveNext();
        }
        catch (InvalidDataException)
        {
            // The scanner cannot get past a line without end.
            HasDamagedEnd = true;
            throw;
        }
    }
}
