using FixupNet.Runs.Files;

namespace FixupNet.Runs.Json;

/// <summary>Reads a file of one JSON object a line, also while it grows. Damaged lines are left out and counted: what a crash, a power loss
/// or a bad disk left of one line must not hide the others.</summary>
/// <remarks>A line is damaged where it is no complete JSON object, be it with or without its line feed; a complete object of another kind
/// is not damage but another file. <see cref="JsonLinesWriter"/> keeps the same lines.</remarks>
public sealed class JsonLinesReader : IDisposable
{
    /// <summary>The longest line that is read; a longer one counts as damaged.</summary>
    public const int MaxLineBytes = LineScanner.MaxLineBytes;

    private readonly string _path;
    private readonly FileStream _stream;
    private readonly LineScanner _scanner;
    private bool _hasEnded;

    /// <summary>Opens a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="maxLineBytes">The longest line; a longer one counts as damaged.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public JsonLinesReader(string path, int maxLineBytes = MaxLineBytes)
    {
        _path = path;
        _stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        _scanner = new LineScanner(_stream, maxLineBytes);
    }

    /// <summary>How many damaged lines were left out so far.</summary>
    public long DamagedLineCount { get; private set; }

    /// <summary>Number of the first damaged line, from 1; null where there was none so far.</summary>
    public long? FirstDamagedLine { get; private set; }

    /// <summary>Whether the last line was damaged, or is still being written; known once <see cref="Read"/> has returned null.</summary>
    public bool HasDamagedEnd { get; private set; }

    /// <summary>Reads all intact lines of a file in which all are of one kind, one by one.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">An intact line holds something else.</exception>
    public static IEnumerable<T> ReadAll<T>(string path) where T : class
    {
        using var reader = new JsonLinesReader(path);
        while (reader.Read<T>() is { } line) yield return line;
    }

    /// <summary>Reads the next intact line.</summary>
    /// <returns>The object, or null after the last intact line.</returns>
    /// <exception cref="InvalidDataException">The line holds something else; names file and line.</exception>
    public T? Read<T>() where T : class
    {
        while (!_hasEnded && _scanner.MoveNext())
        {
            HasDamagedEnd = !_scanner.IsIntact;
            if (!HasDamagedEnd) return RunJson.Parse<T>(_scanner.Line.Span, $"{_path}:{_scanner.LineNumber}");
            DamagedLineCount++;
            FirstDamagedLine ??= _scanner.LineNumber;
        }
        _hasEnded = true;
        return null;
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();
}
