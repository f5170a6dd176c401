using System.Buffers.Binary;
using System.Numerics;

namespace FixupNet.Runs.TensorBoard;

/// <summary>Writes an event file, which TensorBoard reads also while it grows: records of length, checksum, event, checksum.</summary>
/// <remarks>The framing of TFRecord; an event is tensorboard/compat/proto/event.proto.</remarks>
internal sealed class EventFile : IDisposable
{
    // Event: wall_time, step, file_version, summary.
    private const int WallTimeField = 1;
    private const int StepField = 2;
    private const int VersionField = 3;
    private const int SummaryField = 5;

    // Summary: value.
    private const int ValueField = 1;

    private readonly Stream _stream;

    /// <summary>Begins a file.</summary>
    /// <param name="stream">Takes the file; disposed with this object.</param>
    /// <param name="wallTimeSeconds">Now, in seconds since 1970.</param>
    public EventFile(Stream stream, double wallTimeSeconds)
    {
        _stream = stream;
        WriteRecord(new ProtobufMessage().Add(WallTimeField, wallTimeSeconds).Add(VersionField, "brain.Event:2").Bytes);
    }

    /// <summary>Writes one event and hands it to the operating system, so that a reader sees it.</summary>
    /// <param name="wallTimeSeconds">Now, in seconds since 1970.</param>
    /// <param name="step">The step it is about.</param>
    /// <param name="values">Its summary values, of <see cref="SummaryValue"/>.</param>
    public void Write(double wallTimeSeconds, long step, params IEnumerable<ProtobufMessage> values)
    {
        var summary = new ProtobufMessage();
        foreach (var value in values) summary.Add(ValueField, value);
        WriteRecord(new ProtobufMessage().Add(WallTimeField, wallTimeSeconds).Add(StepField, step).Add(SummaryField, summary).Bytes);
        _stream.Flush();
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    /// <summary>The checksum of a record: CRC-32C, rotated and shifted, so that a file within a file does not check itself.</summary>
    internal static uint MaskedChecksum(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes) crc = BitOperations.Crc32C(crc, value);
        crc = ~crc;
        return BitOperations.RotateRight(crc, 15) + 0xa282ead8;
    }

    private void WriteRecord(ReadOnlySpan<byte> content)
    {
        Span<byte> head = stackalloc byte[12];
        BinaryPrimitives.WriteUInt64LittleEndian(head, (ulong)content.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(head[8..], MaskedChecksum(head[..8]));
        Span<byte> tail = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(tail, MaskedChecksum(content));
        _stream.Write(head);
        _stream.Write(content);
        _stream.Write(tail);
    }
}
