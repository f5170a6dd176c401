using System.Text.Json;
using System.Text.Unicode;

namespace FixupNet.Runs.Files;

/// <summary>Splits a stream into lines of bytes, remembering where each began.</summary>
/// <param name="stream">The stream.</param>
/// <param name="maxLineBytes">What is longer is no line: it is passed over without being held.</param>
internal sealed class LineScanner(Stream stream, int maxLineBytes = LineScanner.MaxLineBytes)
{
    /// <summary>The longest line: the gradient norms of 10,000 layers take 0.2 MB.</summary>
    public const int MaxLineBytes = 4 << 20;

    private const int MinBufferBytes = 1 << 16;

    private byte[] _buffer = [];
    private int _start;
    private int _end;

    /// <summary>Number of the current line, from 1.</summary>
    public long LineNumber { get; private set; }

    /// <summary>Where the current line begins in the stream, in bytes.</summary>
    public long Offset { get; private set; }

    /// <summary>Where the next line begins in the stream, in bytes.</summary>
    public long NextOffset { get; private set; }

    /// <summary>Whether a line feed ends the current line.</summary>
    public bool IsTerminated { get; private set; }

    /// <summary>Whether the current line is too long to be one; <see cref="Line"/> is then empty.</summary>
    public bool IsTooLong { get; private set; }

    /// <summary>The current line without its line feed; valid until the next call of MoveNext.</summary>
    public ReadOnlyMemory<byte> Line { get; private set; }

    /// <summary>Whether the current line is one complete JSON object in valid UTF-8: what tells a damaged line from a line of the wrong
    /// kind.</summary>
    public bool IsIntact => !IsTooLong && IsJsonObject(Line.Span);

    /// <summary>Moves on to the next line.</summary>
    /// <returns>False at the end of the stream.</returns>
    public bool MoveNext()
    {
        Offset = NextOffset;
        IsTooLong = false;
        var searched = 0;
        int found;
        while ((found = _buffer.AsSpan(_start + searched, _end - _start - searched).IndexOf((byte)'\n')) < 0)
        {
            searched = _end - _start;
            if (searched > maxLineBytes)
            {
                IsTooLong = true;
                Consume(searched);
                searched = 0;
            }
            if (!Fill()) break;
        }
        IsTerminated = found >= 0;
        var length = IsTerminated ? searched + found : searched;
        if (length == 0 && !IsTerminated && !IsTooLong) return false;

        IsTooLong |= length > maxLineBytes;
        Line = IsTooLong ? default : _buffer.AsMemory(_start, length);
        LineNumber++;
        Consume(IsTerminated ? length + 1 : length);
        return true;
    }

    /// <summary>Whether bytes are one complete JSON object in valid UTF-8.</summary>
    public static bool IsJsonObject(ReadOnlySpan<byte> line)
    {
        if (!Utf8.IsValid(line)) return false;
        var reader = new Utf8JsonReader(line);
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return false;
            while (reader.Read())
            {
            }
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private void Consume(int bytes)
    {
        _start += bytes;
        NextOffset += bytes;
    }

    private bool Fill()
    {
        var unread = _end - _start;
        if (unread == _buffer.Length) Array.Resize(ref _buffer, Math.Max(MinBufferBytes, unread * 2));
        else if (_start > 0) _buffer.AsSpan(_start, unread).CopyTo(_buffer);
        (_start, _end) = (0, unread);
        var read = stream.Read(_buffer, _end, _buffer.Length - _end);
        _end += read;
        return read > 0;
    }
}
