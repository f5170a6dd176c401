using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using FixupNet.Runs.Files;

namespace FixupNet.Reporting.Exports;

/// <summary>Writes NumPy's .npy files, version 1.0: a header that names type and shape, then the numbers.</summary>
/// <remarks>numpy.lib.format.</remarks>
internal static class NpyFile
{
    private const int HeaderAlignment = 64;
    private const int PrefixBytes = 10; // magic, version, length of the header

    /// <summary>Writes an array of float64 [rows, columns], or [rows] where there are no columns.</summary>
    /// <returns>The path.</returns>
    public static string WriteDoubles(string path, int? columns, IEnumerable<IEnumerable<double>> rows) =>
        Write(path, "'<f8'", columns, rows.Select<IEnumerable<double>, Action<BinaryWriter>>(row => writer => WriteAll(writer, row)));

    /// <summary>Writes an array of rows of any type.</summary>
    /// <param name="path">The file.</param>
    /// <param name="type">NumPy's description of a row's type.</param>
    /// <param name="columns">Length of the second dimension; null for one dimension.</param>
    /// <param name="rows">Write one row each.</param>
    /// <returns>The path.</returns>
    public static string Write(string path, string type, int? columns, IEnumerable<Action<BinaryWriter>> rows)
    {
        DurableFile.Write(path, stream =>
        {
            // How many rows there are is known at the end; the header is given the room for any number.
            var room = Header(type, long.MaxValue, columns, 0).Length;
            stream.Write(Header(type, 0, columns, room));
            using var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true); // little-endian on every machine
            long count = 0;
            foreach (var row in rows)
            {
                row(writer);
                count++;
            }
            writer.Flush();
            stream.Position = 0;
            stream.Write(Header(type, count, columns, room));
        });
        return path;
    }

    private static void WriteAll(BinaryWriter writer, IEnumerable<double> values)
    {
        foreach (var value in values) writer.Write(value);
    }

    private static byte[] Header(string type, long rows, int? columns, int bytes)
    {
        var shape = string.Create(CultureInfo.InvariantCulture, $"({rows}, {columns})");
        var text = $"{{'descr': {type}, 'fortran_order': False, 'shape': {shape}, }}";
        var least = PrefixBytes + text.Length + 1;
        var length = Math.Max(bytes, (least + HeaderAlignment - 1) / HeaderAlignment * HeaderAlignment);
        var header = new byte[length];
        byte[] magic = [0x93, .. "NUMPY"u8, 1, 0];
        magic.CopyTo(header, 0);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(8), (ushort)(length - PrefixBytes));
        Encoding.ASCII.GetBytes(text.PadRight(length - PrefixBytes - 1) + "\n").CopyTo(header, PrefixBytes);
        return header;
    }
}
