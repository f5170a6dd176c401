using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace FixupNet.Runs.TensorBoard;

/// <summary>A message in the wire format of Protocol Buffers, built field by field.</summary>
/// <remarks>protobuf.dev, "Encoding"; only what event files need.</remarks>
internal sealed class ProtobufMessage
{
    private const int VarintType = 0;
    private const int Fixed64Type = 1;
    private const int LengthType = 2;
    private const int Fixed32Type = 5;

    private readonly ArrayBufferWriter<byte> _bytes = new();

    /// <summary>The message so far.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.WrittenSpan;

    /// <summary>Adds a whole number (int32, int64, enum).</summary>
    public ProtobufMessage Add(int field, long value)
    {
        WriteTag(field, VarintType);
        WriteVarint((ulong)value);
        return this;
    }

    /// <summary>Adds a truth value.</summary>
    public ProtobufMessage Add(int field, bool value) => Add(field, value ? 1L : 0);

    /// <summary>Adds a double.</summary>
    public ProtobufMessage Add(int field, double value)
    {
        WriteTag(field, Fixed64Type);
        WriteDouble(value);
        return this;
    }

    /// <summary>Adds a float.</summary>
    public ProtobufMessage AddFloat(int field, float value)
    {
        WriteTag(field, Fixed32Type);
        BinaryPrimitives.WriteSingleLittleEndian(_bytes.GetSpan(sizeof(float)), value);
        _bytes.Advance(sizeof(float));
        return this;
    }

    /// <summary>Adds a text.</summary>
    public ProtobufMessage Add(int field, string value) => AddBytes(field, Encoding.UTF8.GetBytes(value));

    /// <summary>Adds a message.</summary>
    public ProtobufMessage Add(int field, ProtobufMessage value) => AddBytes(field, value.Bytes);

    /// <summary>Adds a packed list of doubles.</summary>
    public ProtobufMessage Add(int field, IReadOnlyCollection<double> values)
    {
        WriteTag(field, LengthType);
        WriteVarint((ulong)values.Count * sizeof(double));
        foreach (var value in values) WriteDouble(value);
        return this;
    }

    private ProtobufMessage AddBytes(int field, ReadOnlySpan<byte> value)
    {
        WriteTag(field, LengthType);
        WriteVarint((ulong)value.Length);
        _bytes.Write(value);
        return this;
    }

    private void WriteTag(int field, int type) => WriteVarint((ulong)(field << 3 | type));

    private void WriteDouble(double value)
    {
        BinaryPrimitives.WriteDoubleLittleEndian(_bytes.GetSpan(sizeof(double)), value);
        _bytes.Advance(sizeof(double));
    }

    // Seven bits a byte, the lowest first; all but the last byte have the highest bit set.
    private void WriteVarint(ulong value)
    {
        var length = Math.Max(1, (64 - BitOperations.LeadingZeroCount(value) + 6) / 7);
        var span = _bytes.GetSpan(length);
        for (var i = 0; i < length; i++, value >>= 7) span[i] = (byte)(value & 0x7f | (i < length - 1 ? 0x80u : 0));
        _bytes.Advance(length);
    }
}
