using System.Buffers.Binary;

namespace FixupNet.Training.Data;

/// <summary>How the records of one kind of file are laid out; a file is a fixed header and records of one size.</summary>
internal abstract class RecordFormat
{
    /// <summary>Bytes of one record.</summary>
    public abstract int RecordBytes { get; }

    /// <summary>The exact bytes a file begins with.</summary>
    /// <param name="examples">How many records follow.</param>
    public virtual byte[] Header(int examples) => [];

    /// <summary>Writes what a record holds into the image and the label it belongs to.</summary>
    /// <param name="record">The bytes of the record.</param>
    /// <param name="image">[3,32,32], left alone by records without pixels.</param>
    /// <param name="label">Left alone by records without a label.</param>
    /// <returns>Null, or what is wrong with the record and what is allowed.</returns>
    public abstract (string Found, string Expected)? Decode(ReadOnlySpan<byte> record, Span<byte> image, ref byte label);

    /// <summary>What is wrong with a class index, if anything.</summary>
    protected static (string Found, string Expected)? CheckLabel(string kind, byte label, int classCount) =>
        label < classCount ? null : ($"{kind} {label}", $"0 to {classCount - 1}");
}

/// <summary>CIFAR's binary records: one label or two, then the red, green and blue planes. The last label is the class.</summary>
/// <param name="classCounts">Number of classes of each label: [10], or [20, 100] for coarse and fine.</param>
/// <remarks>https://www.cs.toronto.edu/~kriz/cifar.html, "Binary version".</remarks>
internal sealed class CifarFormat(params int[] classCounts) : RecordFormat
{
    /// <inheritdoc/>
    public override int RecordBytes => classCounts.Length + ImageSet.BytesPerImage;

    /// <inheritdoc/>
    public override (string Found, string Expected)? Decode(ReadOnlySpan<byte> record, Span<byte> image, ref byte label)
    {
        for (var position = 0; position < classCounts.Length; position++)
        {
            var kind = position == classCounts.Length - 1 ? "label" : "coarse label";
            if (CheckLabel(kind, record[position], classCounts[position]) is { } problem) return problem;
        }
        label = record[classCounts.Length - 1];
        record[classCounts.Length..].CopyTo(image);
        return null;
    }
}

/// <summary>IDX images of 28×28 grey pixels, put into the middle of a black 32×32 image and repeated on all three planes.</summary>
/// <remarks>http://yann.lecun.com/exdb/mnist/, "File formats". Padding and repeating let every model here read them.</remarks>
internal sealed class IdxImageFormat : RecordFormat
{
    private const int Magic = 2051; // unsigned bytes, three dimensions
    private const int SourceSide = 28;
    private const int Margin = (ImageSet.Side - SourceSide) / 2;

    /// <inheritdoc/>
    public override int RecordBytes => SourceSide * SourceSide;

    /// <inheritdoc/>
    public override byte[] Header(int examples) => IdxHeader.Of(Magic, examples, SourceSide, SourceSide);

    /// <inheritdoc/>
    public override (string Found, string Expected)? Decode(ReadOnlySpan<byte> record, Span<byte> image, ref byte label)
    {
        for (var channel = 0; channel < ImageSet.Channels; channel++)
        {
            for (var row = 0; row < SourceSide; row++)
            {
                var target = (channel * ImageSet.Side + row + Margin) * ImageSet.Side + Margin;
                record.Slice(row * SourceSide, SourceSide).CopyTo(image[target..]);
            }
        }
        return null;
    }
}

/// <summary>IDX labels, one byte each.</summary>
/// <param name="classCount">Number of classes.</param>
internal sealed class IdxLabelFormat(int classCount) : RecordFormat
{
    private const int Magic = 2049; // unsigned bytes, one dimension

    /// <inheritdoc/>
    public override int RecordBytes => 1;

    /// <inheritdoc/>
    public override byte[] Header(int examples) => IdxHeader.Of(Magic, examples);

    /// <inheritdoc/>
    public override (string Found, string Expected)? Decode(ReadOnlySpan<byte> record, Span<byte> image, ref byte label)
    {
        if (CheckLabel("label", record[0], classCount) is { } problem) return problem;
        label = record[0];
        return null;
    }
}

/// <summary>The header of an IDX file: big-endian 32-bit numbers.</summary>
internal static class IdxHeader
{
    /// <summary>The bytes of a header.</summary>
    /// <param name="numbers">The magic number and the size of each dimension.</param>
    public static byte[] Of(params ReadOnlySpan<int> numbers)
    {
        var header = new byte[numbers.Length * sizeof(int)];
        for (var position = 0; position < numbers.Length; position++)
            BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(position * sizeof(int)), numbers[position]);
        return header;
    }

    /// <summary>A header as a person reads it: "2051, 60000, 28, 28".</summary>
    public static string Describe(ReadOnlySpan<byte> header)
    {
        var numbers = new List<int>();
        for (; header.Length >= sizeof(int); header = header[sizeof(int)..]) numbers.Add(BinaryPrimitives.ReadInt32BigEndian(header));
        return string.Join(", ", numbers);
    }
}
