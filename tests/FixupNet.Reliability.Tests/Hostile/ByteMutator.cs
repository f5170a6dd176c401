using System.Buffers.Binary;

namespace FixupNet.Reliability.Tests.Hostile;

/// <summary>Damages bytes as disks, networks and attackers do; equal seeds damage in equal ways.</summary>
/// <param name="seed">Of every choice.</param>
/// <param name="samples">Sound inputs to begin with.</param>
/// <param name="words">Bytes that mean something to the reader.</param>
internal sealed class ByteMutator(int seed, IReadOnlyList<byte[]> samples, IReadOnlyList<byte[]> words)
{
    private const int MostChanges = 6;
    private const int MostBytes = 1 << 16;

    private static readonly long[] s_lengths =
        [0, 1, -1, 7, 8, 9, 63, 64, 127, 128, 255, 256, 65_535, 65_536, int.MaxValue, int.MinValue, uint.MaxValue, long.MaxValue, long.MinValue, 100_000_001];

    private readonly Random _random = new(seed);

    /// <summary>The next damaged input.</summary>
    public byte[] Next()
    {
        var bytes = new List<byte>(Pick(samples));
        var changes = 1 + _random.Next(MostChanges);
        for (var change = 0; change < changes; change++) Change(bytes);
        return bytes.Count <= MostBytes ? [.. bytes] : [.. bytes[..MostBytes]];
    }

    private void Change(List<byte> bytes)
    {
        switch (_random.Next(10))
        {
            case 0 or 1: FlipBit(bytes); break;
            case 2: Overwrite(bytes, Position(bytes), [(byte)_random.Next(256)]); break;
            case 3: Remove(bytes); break;
            case 4: Truncate(bytes); break;
            case 5: Repeat(bytes); break;
            case 6: bytes.InsertRange(Position(bytes), Pick(words)); break;
            case 7: Overwrite(bytes, Position(bytes), Pick(words)); break;
            case 8: EditLength(bytes); break;
            default: Splice(bytes); break;
        }
    }

    private void FlipBit(List<byte> bytes)
    {
        if (bytes.Count > 0) bytes[_random.Next(bytes.Count)] ^= (byte)(1 << _random.Next(8));
    }

    private void Remove(List<byte> bytes)
    {
        var (start, length) = Range(bytes);
        bytes.RemoveRange(start, length);
    }

    private void Truncate(List<byte> bytes)
    {
        var length = Position(bytes);
        bytes.RemoveRange(length, bytes.Count - length);
    }

    private void Repeat(List<byte> bytes)
    {
        var (start, length) = Range(bytes);
        var times = _random.Next(8) == 0 ? 200 : 1;
        var part = bytes.GetRange(start, length);
        for (var time = 0; time < times && bytes.Count < MostBytes; time++) bytes.InsertRange(start, part);
    }

    // Lengths of the formats read here are 4 or 8 bytes long, most often at the beginning.
    private void EditLength(List<byte> bytes)
    {
        var field = new byte[_random.Next(2) == 0 ? sizeof(int) : sizeof(long)];
        var length = s_lengths[_random.Next(s_lengths.Length)] + _random.Next(3) - 1;
        if (field.Length == sizeof(long)) BinaryPrimitives.WriteInt64LittleEndian(field, length);
        else BinaryPrimitives.WriteInt32LittleEndian(field, unchecked((int)length));
        Overwrite(bytes, _random.Next(2) == 0 ? 0 : Position(bytes), field);
    }

    private void Splice(List<byte> bytes)
    {
        var other = new List<byte>(Pick(samples));
        var (start, length) = Range(other);
        bytes.InsertRange(Position(bytes), other.GetRange(start, length));
    }

    private static void Overwrite(List<byte> bytes, int position, byte[] with)
    {
        for (var i = 0; i < with.Length && position + i < bytes.Count; i++) bytes[position + i] = with[i];
    }

    private int Position(List<byte> bytes) => _random.Next(bytes.Count + 1);

    private (int Start, int Length) Range(List<byte> bytes)
    {
        var start = Position(bytes);
        return (start, _random.Next(bytes.Count - start + 1));
    }

    private byte[] Pick(IReadOnlyList<byte[]> choices) => choices.Count == 0 ? [] : choices[_random.Next(choices.Count)];
}
