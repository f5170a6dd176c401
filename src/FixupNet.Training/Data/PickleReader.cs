using System.Buffers.Binary;
using System.Text;

namespace FixupNet.Training.Data;

/// <summary>Reads the values that CIFAR's Python version holds out of a pickle of protocol 1 or 2, and runs nothing that a pickle names.</summary>
/// <remarks>
/// Python's pickletools. Texts and bytes are ReadOnlyMemory of bytes, numbers long, lists List, tuples arrays, and what Python would call is a
/// <see cref="PickledCall"/>. Anything else is refused.
/// </remarks>
internal sealed class PickleReader
{
    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly Dictionary<uint, object?> _memo = [];
    private readonly Stack<List<object?>> _marked = [];
    private List<object?> _stack = [];
    private int _position;

    private PickleReader(ReadOnlyMemory<byte> bytes) => _bytes = bytes;

    /// <summary>Reads the one dictionary of a pickle.</summary>
    /// <param name="bytes">The pickle.</param>
    /// <exception cref="InvalidDataException">It holds something else.</exception>
    public static IReadOnlyDictionary<string, object?> Read(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            var reader = new PickleReader(bytes);
            return reader.As<Dictionary<string, object?>>(reader.Run());
        }
        catch (Exception error) when (error is ArgumentException or KeyNotFoundException or InvalidOperationException or OverflowException)
        {
            throw new InvalidDataException($"no pickle of a dictionary: {error.Message}", error);
        }
    }

    private object? Run()
    {
        while (true)
        {
            var code = Take(1)[0];
            if (code == '.') return Pop();
            Do(code);
        }
    }

    private void Do(byte code)
    {
        switch (code)
        {
            case 0x80: Take(1); break; // the protocol
            case (byte)'}': Push(new Dictionary<string, object?>()); break;
            case (byte)']': Push(new List<object?>()); break;
            case (byte)'(': _marked.Push(_stack); _stack = []; break;
            case (byte)'q': _memo[Take(1)[0]] = _stack[^1]; break;
            case (byte)'r': _memo[Number()] = _stack[^1]; break;
            case (byte)'h': Push(_memo[Take(1)[0]]); break;
            case (byte)'j': Push(_memo[Number()]); break;
            case (byte)'U': Push(Slice(Take(1)[0])); break;
            case (byte)'T' or (byte)'X': Push(Slice(checked((int)Number()))); break;
            case (byte)'K': Push((long)Take(1)[0]); break;
            case (byte)'M': Push((long)BinaryPrimitives.ReadUInt16LittleEndian(Take(2))); break;
            case (byte)'J': Push((long)(int)Number()); break;
            case (byte)'N': Push(null); break;
            case 0x88 or 0x89: Push(code == 0x88); break;
            case (byte)'I': PushOldBoolean(Line()); break;
            case (byte)')': Push(Array.Empty<object?>()); break;
            case 0x85 or 0x86 or 0x87: PushTuple(code - 0x84); break;
            case (byte)'t': Push(PopMarked().ToArray()); break;
            case (byte)'c': Line(); Line(); Push(new PickledCall()); break; // module and name
            case (byte)'R': Call(); break;
            case (byte)'b': Build(); break;
            case (byte)'a': Append([Pop()]); break;
            case (byte)'e': Append(PopMarked()); break;
            case (byte)'s': SetItem(); break;
            case (byte)'u': SetItems(PopMarked()); break;
            default: throw new InvalidDataException($"opcode 0x{code:x2} in a pickle");
        }
    }

    private void Push(object? value) => _stack.Add(value);

    private void PushOldBoolean(string digits) =>
        Push(digits is "00" or "01" ? digits == "01" : throw new InvalidDataException($"the number {digits} as text in a pickle"));

    private object? Pop()
    {
        var value = _stack[^1];
        _stack.RemoveAt(_stack.Count - 1);
        return value;
    }

    private List<object?> PopMarked()
    {
        var values = _stack;
        _stack = _marked.Pop();
        return values;
    }

    private void PushTuple(int count)
    {
        var values = _stack[^count..].ToArray();
        _stack.RemoveRange(_stack.Count - count, count);
        Push(values);
    }

    private void Call()
    {
        var arguments = As<object?[]>(Pop());
        Push(As<PickledCall>(Pop()) with { Arguments = arguments });
    }

    private void Build()
    {
        var state = Pop();
        As<PickledCall>(_stack[^1]).State = state;
    }

    private void Append(List<object?> values) => As<List<object?>>(_stack[^1]).AddRange(values);

    private void SetItem()
    {
        var value = Pop();
        SetItems([Pop(), value]);
    }

    private void SetItems(List<object?> pairs)
    {
        var target = As<Dictionary<string, object?>>(_stack[^1]);
        for (var i = 0; i + 1 < pairs.Count; i += 2) target[Encoding.Latin1.GetString(As<ReadOnlyMemory<byte>>(pairs[i]).Span)] = pairs[i + 1];
    }

    private string Line()
    {
        var length = _bytes.Span[_position..].IndexOf((byte)'\n');
        var line = Encoding.Latin1.GetString(Take(length));
        Take(1);
        return line;
    }

    private T As<T>(object? value) =>
        value is T typed ? typed : throw new InvalidDataException($"another value than a {typeof(T).Name} before byte {_position} of a pickle");

    private uint Number() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    private ReadOnlySpan<byte> Take(int count) => Slice(count).Span;

    private ReadOnlyMemory<byte> Slice(int count)
    {
        var slice = _bytes.Slice(_position, count);
        _position += count;
        return slice;
    }
}

/// <summary>Something that Python would call to make an object.</summary>
internal sealed record PickledCall
{
    /// <summary>What it would be called with.</summary>
    public object?[] Arguments { get; init; } = [];

    /// <summary>What the object would be given then.</summary>
    public object? State { get; set; }
}
