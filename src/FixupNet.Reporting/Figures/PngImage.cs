using System.Buffers.Binary;
using System.IO.Compression;

namespace FixupNet.Reporting.Figures;

/// <summary>Writes images as PNG (ISO/IEC 15948): a map of many cells is far smaller as an image than as drawn squares.</summary>
internal static class PngImage
{
    // As the format numbers them.
    private enum ColorKind : byte
    {
        Rgb = 2,
        ByNumber = 3,
    }

    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>Encodes an image of few colours.</summary>
    /// <param name="rows">Rows of pixels from the top, of numbers of colours.</param>
    /// <param name="colors">The colours as "#rrggbb"; the first is transparent whatever it is.</param>
    public static byte[] Encode(IReadOnlyList<byte[]> rows, IReadOnlyList<string> colors) => Encode(rows[0].Length, rows, ColorKind.ByNumber, png =>
    {
        WriteChunk(png, "PLTE"u8, [.. colors.SelectMany(color => Convert.FromHexString(color[1..]))]);
        WriteChunk(png, "tRNS"u8, [0]);
    });

    /// <summary>Encodes an image of any colours.</summary>
    /// <param name="width">Pixels of a row.</param>
    /// <param name="rows">Rows of pixels from the top, three bytes each: red, green, blue.</param>
    public static byte[] Encode(int width, IReadOnlyList<byte[]> rows) => Encode(width, rows, ColorKind.Rgb, _ => { });

    private static byte[] Encode(int width, IReadOnlyList<byte[]> rows, ColorKind kind, Action<MemoryStream> writePalette)
    {
        using var png = new MemoryStream();
        png.Write(Signature);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), rows.Count);
        (header[8], header[9]) = (8, (byte)kind); // bits of a number
        WriteChunk(png, "IHDR"u8, header);
        writePalette(png);
        WriteChunk(png, "IDAT"u8, Compress(rows));
        WriteChunk(png, "IEND"u8, []);
        return png.ToArray();
    }

    private static byte[] Compress(IReadOnlyList<byte[]> rows)
    {
        using var compressed = new MemoryStream();
        using (var zlib = new ZLibStream(compressed, CompressionLevel.SmallestSize))
            foreach (var row in rows)
            {
                zlib.WriteByte(0); // no filter
                zlib.Write(row);
            }
        return compressed.ToArray();
    }

    private static void WriteChunk(MemoryStream png, ReadOnlySpan<byte> type, ReadOnlySpan<byte> content)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, content.Length);
        png.Write(number);
        byte[] body = [.. type, .. content];
        png.Write(body);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc32(body));
        png.Write(number);
    }

    // The polynomial of ISO/IEC 15948, Annex D, bits reversed.
    private static uint Crc32(ReadOnlySpan<byte> content)
    {
        var crc = uint.MaxValue;
        foreach (var value in content)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320);
        }
        return ~crc;
    }
}
