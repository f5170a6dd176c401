using System.Text.Json;

namespace FixupNet.Runs.Files;

/// <summary>Splits a stream into lines of bytes, remembering where each began.</summary>
internal sealed class LineScanner(Stream stream, string path)
{
    // A line of gradient norms of 10,000 layers is 0.2 MB. What is far longer is no line, and must not fill the memory.
    private const int MaxLineBytes = 64 << 20;
    private const int MinBufferBytes = 1 << 16;

    private byte[] _buffer = [];
    private int _start;
    private int _end;
    private long _nextOffset;

    /// <summary>Number of the current line, from 1.</summary>
    public long LineNumber { get; private set; }

    /// <summary>Where the current line begins in the stream, in bytes.</summary>
    public long Offset { get; private set; }

    /// <summary>Whether a line feed ends the current line.</summary>
    public bool IsTerminated { get; private set; }

    /// <summary>The current line without its line feed; valid until the next call of MoveNext.</summary>
    public ReadOnlyMemory<byte> Line { get; private set; }

    /// <summary>Whether nothing follows the current line.</summary>
    public bool IsLast => _start == _end && !Fill();

    /// <summary>Moves on to the next line.</summary>
    /// <returns>False at the end of the stream.</returns>
    /// <exception cref="InvalidDataException">The line is too long to be one.</exception>
    public bool MoveNext()
    {
        var searched = 0;
        int found;
        while ((found = _buffer.AsSpan(_start + searched, _end - _start - searched).IndexOf((byte)'\n')) < 0)
        {
            searched = _end - _start;
            if (searched > MaxLineBytes)
                throw new InvalidDataException($"{path}:{LineNumber + 1}: the line is over {MaxLineBytes} bytes long.");
            if (!Fill()) break;
        }
        IsTerminated = found >= 0;
        var length = IsTerminated ? searched + found : searched;
        if (length == 0 && !IsTerminated) return false;

        Line = _buffer.AsMemory(_start, length);
        Offset = _nextOffset;
        LineNumber++;
        var consumed = IsTerminated ? length + 1 : length;
        _start += consumed;
        _nextOffset += consumed;
        return true;
    }

    /// <summary>Whether bytes are one complete JSON object: what tells a damaged line from a line of the wrong kind.</summary>
    public static bool IsJsonObject(ReadOnlySpan<byte> line)
    {
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

    // IsLast may fill while Line is in use: unread bytes move to a new array rather than within the one Line points into.
    private bool Fill()
    {
        var unread = _end - _start;
        var target = new byte[Math.Max(MinBufferBytes, unread * 2)];
        Array.Copy(_buffer, _start, target, 0, unread);
        (_buffer, _start, _end) = (target, 0, unread);
        var read = stream.Read(_buffer, _end, _buffer.Length - _end);
        _end += read;
        return read > 0;
    }
}
