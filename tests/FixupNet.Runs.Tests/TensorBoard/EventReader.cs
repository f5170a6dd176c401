using System.Buffers.Binary;
using System.ComponentModel;
using System.Diagnostics;

namespace FixupNet.Runs.Tests.TensorBoard;

/// <summary>Reads event files by other means than those that wrote them: checksums bit by bit, messages by protoc.</summary>
internal static class EventReader
{
    /// <summary>Records of a file; fails where a length or a checksum is wrong.</summary>
    public static IReadOnlyList<byte[]> Records(string path)
    {
        var records = new List<byte[]>();
        for (var rest = File.ReadAllBytes(path).AsSpan(); rest.Length > 0;)
        {
            var length = (int)BinaryPrimitives.ReadUInt64LittleEndian(rest);
            Assert.That(BinaryPrimitives.ReadUInt32LittleEndian(rest[8..]), Is.EqualTo(Masked(rest[..8])), "checksum of the length");
            records.Add(rest.Slice(12, length).ToArray());
            Assert.That(BinaryPrimitives.ReadUInt32LittleEndian(rest[(12 + length)..]), Is.EqualTo(Masked(records[^1])), "checksum of the content");
            rest = rest[(16 + length)..];
        }
        return records;
    }

    /// <summary>A message as protoc prints it without knowing its type; the test is skipped where there is no protoc.</summary>
    public static string Decode(byte[] message)
    {
        using var protoc = Start();
        protoc.StandardInput.BaseStream.Write(message);
        protoc.StandardInput.Close();
        var (text, error) = (protoc.StandardOutput.ReadToEnd(), protoc.StandardError.ReadToEnd());
        protoc.WaitForExit();
        Assert.That((protoc.ExitCode, error), Is.EqualTo((0, "")));
        return text;
    }

    private static Process Start()
    {
        var start = new ProcessStartInfo("protoc", "--decode_raw") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception)
        {
            Assert.Ignore("There is no protoc to decode event files with; on Debian: apt-get install protobuf-compiler.");
            throw;
        }
    }

    private static uint Masked(ReadOnlySpan<byte> bytes)
    {
        var crc = Crc32C(bytes);
        return (crc >> 15 | crc << 17) + 0xa282ead8;
    }

    // RFC 3720, Appendix B: the reflected polynomial 0x82f63b78.
    internal static uint Crc32C(ReadOnlySpan<byte> bytes)
    {
        var crc = ~0u;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 1) == 1 ? crc >> 1 ^ 0x82f63b78 : crc >> 1;
        }
        return ~crc;
    }
}
