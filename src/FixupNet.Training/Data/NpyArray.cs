using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using FixupNet.Runs.Files;

namespace FixupNet.Training.Data;

/// <summary>An array of whole numbers of a .npy file (numpy.lib.format), such as CIFAR-10.1's images and labels.</summary>
/// <param name="Shape">Its dimensions.</param>
/// <param name="Type">NumPy's name of its type: "u1", "i4" or "i8".</param>
/// <param name="Bytes">Its numbers, little-endian, the last dimension's next to each other.</param>
public sealed partial record NpyArray(IReadOnlyList<long> Shape, string Type, ReadOnlyMemory<byte> Bytes)
{
    private const int MaxBytes = 2_000_000_000;
    private const int LongestHeader = 65_536;

    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    /// <exception cref="InvalidDataException">It holds something else, numbers of another type, or more or fewer than its header says.</exception>
    public static NpyArray Read(string path)
    {
        var file = BoundedFile.Read(path, MaxBytes);
        var bytes = file.Span;
        InvalidDataException Refused(string why) => new($"{path}: {why}.");
        if (bytes.Length < 12 || !bytes.StartsWith(Magic)) throw Refused("not a .npy file");
        var (start, length) = bytes[6] == 1 ? (10, BinaryPrimitives.ReadUInt16LittleEndian(bytes[8..])) : (12, (long)BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]));
        if (length > LongestHeader || start + length > bytes.Length) throw Refused("its header does not end");
        var header = Encoding.Latin1.GetString(bytes.Slice(start, (int)length));
        var (type, shape) = (DescriptionOf().Match(header), ShapeOf().Match(header));
        if (!type.Success || !shape.Success || !OrderOf().IsMatch(header)) throw Refused($"an array of whole numbers (u1, i4, i8) in C order is needed, not {Runs.PrintableText.Shortened(header.Trim(), 120)}");
        List<long> dimensions = [];
        foreach (var text in shape.Groups[1].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            dimensions.Add(long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var dimension) ? dimension : throw Refused("its header has no shape"));
        var array = new NpyArray(dimensions, type.Groups[1].Value, file[(start + (int)length)..]);
        var expected = dimensions.Aggregate((Int128)(array.Type[1] - '0'), (product, dimension) => product * dimension);
        return array.Bytes.Length == expected ? array : throw Refused($"{array.Bytes.Length} bytes of numbers where its header says {expected}");
    }

    /// <summary>Its numbers, in order.</summary>
    public long[] Numbers()
    {
        var bytes = Bytes.Span;
        var size = Type[1] - '0';
        var numbers = new long[bytes.Length / size];
        for (var i = 0; i < numbers.Length; i++)
        {
            var number = bytes.Slice(i * size, size);
            numbers[i] = size switch { 1 => number[0], 4 => BinaryPrimitives.ReadInt32LittleEndian(number), _ => BinaryPrimitives.ReadInt64LittleEndian(number) };
        }
        return numbers;
    }

    [GeneratedRegex("'descr': *'[|<](u1|i4|i8)'")]
    private static partial Regex DescriptionOf();

    [GeneratedRegex("'fortran_order': *False")]
    private static partial Regex OrderOf();

    [GeneratedRegex(@"'shape': *\(([0-9, ]*)\)")]
    private static partial Regex ShapeOf();
}
