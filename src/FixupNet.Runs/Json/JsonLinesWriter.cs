using System.Buffers;
using System.Text.Json;
using FixupNet.Runs.Files;
using Microsoft.Win32.SafeHandles;

namespace FixupNet.Runs.Json;

/// <summary>Appends JSON objects to a file, one a line; each line is with the operating system when <see cref="Write"/> returns.</summary>
/// <remarks>Not safe for use by several threads, and a file has one writer at a time.</remarks>
public sealed class JsonLinesWriter : IDisposable
{
    private readonly string _path;
    private readonly SafeFileHandle _file;
    private readonly ArrayBufferWriter<byte> _line = new();
    private readonly Utf8JsonWriter _json;

    /// <summary>Creates a file or continues one, after cutting off the damaged lines that a crash left at its end.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="keepBytes">Length to cut the file back to, a <see cref="Position"/> recorded earlier; null keeps every intact
    /// line.</param>
    /// <exception cref="InvalidDataException">The file is shorter than keepBytes, or no line ends there.</exception>
    /// <exception cref="IOException">The file cannot be opened or created.</exception>
    public JsonLinesWriter(string path, long? keepBytes = null)
    {
        _path = path;
        Position = Repair(path, keepBytes);
        _file = File.OpenHandle(path, FileMode.Open, FileAccess.Write, FileShare.Read | FileShare.Delete);
        _json = new Utf8JsonWriter(_line, new JsonWriterOptions { Encoder = RunJson.Compact.Encoder });
    }

    /// <summary>Length of the file in bytes, which is where the next line begins.</summary>
    public long Position { get; private set; }

    /// <summary>Appends one object as one line.</summary>
    /// <param name="line">The object.</param>
    /// <exception cref="IOException">Writing failed, on a full disk for example; the next line takes the place of this one.</exception>
    /// <exception cref="ArgumentException">The line is longer than <see cref="JsonLinesReader"/> reads.</exception>
    public void Write<T>(T line)
    {
        _line.ResetWrittenCount();
        _json.Reset();
        JsonSerializer.Serialize(_json, line, RunJson.Info<T>(RunJson.Compact));
        if (_line.WrittenCount > JsonLinesReader.MaxLineBytes)
            throw new ArgumentException($"{_path}: a line of {_line.WrittenCount} bytes; at most {JsonLinesReader.MaxLineBytes} are read back.", nameof(line));
        _line.Write("\n"u8);
        // Written by offset, not to the end: what a failed write left behind is overwritten instead of becoming part of a line.
        RandomAccess.Write(_file, _line.WrittenSpan, Position);
        Position += _line.WrittenCount;
    }

    /// <summary>Forces every line to the device.</summary>
    /// <returns>The <see cref="Position"/>, which may now be recorded in a checkpoint.</returns>
    /// <exception cref="IOException">The device reported an error.</exception>
    public long Sync()
    {
        NativeSync.File(_file, _path);
        return Position;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _json.Dispose();
        _file.Dispose();
    }

    private static long Repair(string path, long? keepBytes)
    {
        var isNew = !File.Exists(path);
        const FileShare sharing = FileShare.Read | FileShare.Delete;
        using var stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, sharing, bufferSize: 0);
        if (isNew) NativeSync.Folder(Path.GetDirectoryName(Path.GetFullPath(path))!);
        if (keepBytes is { } length) CutBack(stream, path, length);
        else DropDamagedEnd(stream);
        return stream.Length;
    }

    private static void CutBack(FileStream stream, string path, long length)
    {
        if (length < 0 || length > stream.Length)
            throw new InvalidDataException($"{path}: is {stream.Length} bytes long where at least {length} are due; lines were lost.");
        stream.Position = Math.Max(0, length - 1);
        if (length > 0 && stream.ReadByte() != '\n') throw new InvalidDataException($"{path}: no line ends at byte {length}.");
        stream.SetLength(length);
    }

    private static void DropDamagedEnd(FileStream stream)
    {
        var lines = new LineScanner(stream);
        var (intactEnd, isTerminated) = (0L, true);
        while (lines.MoveNext())
        {
            if (lines.IsIntact) (intactEnd, isTerminated) = (lines.NextOffset, lines.IsTerminated);
        }
        if (stream.Length > intactEnd) stream.SetLength(intactEnd);
        if (isTerminated) return;
        stream.Position = intactEnd;
        stream.WriteByte((byte)'\n');
    }
}
