using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace FixupNet.Training.Data.Images;

/// <summary>A folder's images in one file, decoded: read without a decoder, each with a sum of its own.</summary>
/// <remarks>
/// The file: a line that names the format; pixels of all images, one after the other; a table of names, sizes and sums; and at its end the table's length
/// in 8 bytes, its SHA-256, and the line again. Numbers are little-endian.
/// </remarks>
public sealed class PackedImages : IImageCollection
{
    /// <summary>The first and the last bytes of the file.</summary>
    internal static ReadOnlySpan<byte> Mark => "FixupNet images 1\n"u8;

    private const int SumBytes = 8;

    private readonly SafeFileHandle _file;

    private PackedImages(string path, SafeFileHandle file, string digest, BinaryReader table)
    {
        (Root, _file, Digest) = (path, file, digest);
        ClassNames = [.. Enumerable.Range(0, table.ReadInt32()).Select(_ => table.ReadString())];
        var counts = (Train: table.ReadInt32(), Test: table.ReadInt32());
        Train = [.. Enumerable.Range(0, counts.Train).Select(_ => Packed.Read(table))];
        Test = [.. Enumerable.Range(0, counts.Test).Select(_ => Packed.Read(table))];
    }

    /// <summary>One image of the file.</summary>
    /// <param name="Path">Its path in the folder.</param>
    /// <param name="Label">Index of its class.</param>
    /// <param name="Width">Columns.</param>
    /// <param name="Height">Rows.</param>
    /// <param name="Offset">Where its pixels begin.</param>
    /// <param name="Sum">The first 8 bytes of their SHA-256.</param>
    internal sealed record Packed(string Path, int Label, int Width, int Height, long Offset, ulong Sum) : ImageFile(Path, Label)
    {
        internal static Packed Read(BinaryReader table) =>
            new(table.ReadString(), table.ReadInt32(), table.ReadInt32(), table.ReadInt32(), table.ReadInt64(), table.ReadUInt64());

        internal void Write(BinaryWriter table)
        {
            table.Write(Path);
            table.Write(Label);
            table.Write(Width);
            table.Write(Height);
            table.Write(Offset);
            table.Write(Sum);
        }
    }

    /// <inheritdoc/>
    public string Root { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> ClassNames { get; }

    /// <inheritdoc/>
    public IReadOnlyList<ImageFile> Train { get; }

    /// <inheritdoc/>
    public IReadOnlyList<ImageFile> Test { get; }

    /// <inheritdoc/>
    public string Digest { get; }

    /// <summary>Opens a file; it stays open as long as this object is in use.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="DatasetCorruptException">It is no such file, or its table is damaged.</exception>
    public static PackedImages Open(string path)
    {
        var file = File.OpenHandle(path);
        try
        {
            var tail = new byte[sizeof(long) + SHA256.HashSizeInBytes + Mark.Length];
            var length = RandomAccess.GetLength(file);
            var beforeTail = length - tail.Length;
            if (beforeTail < Mark.Length || ReadAt(file, tail, beforeTail) < tail.Length || !tail.AsSpan().EndsWith(Mark)) throw Corrupt(path, $"{length} bytes without the end of one");
            var tableLength = BitConverter.ToInt64(tail);
            if (tableLength < 0 || tableLength > Math.Min(beforeTail - Mark.Length, Array.MaxLength)) throw Corrupt(path, $"a table of {tableLength} bytes");
            var table = new byte[tableLength];
            ReadAt(file, table, beforeTail - tableLength);
            var sum = SHA256.HashData(table);
            if (!tail.AsSpan(sizeof(long), sum.Length).SequenceEqual(sum)) throw Corrupt(path, "a damaged table");
            var images = new PackedImages(path, file, Convert.ToHexStringLower(sum), new BinaryReader(new MemoryStream(table)));
            return images.IsWithin(beforeTail - tableLength) ? images : throw Corrupt(path, "a table that does not fit its images");
        }
        catch (Exception error) when (error is EndOfStreamException or ArgumentException or FormatException)
        {
            file.Dispose();
            throw Corrupt(path, "a table that cannot be read");
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    // The sum tells accidents; a file may also be made by hand.
    private bool IsWithin(long end) => Train.Count > 0 && Test.Count > 0 && Train.Concat(Test).Cast<Packed>().All(image =>
        image.Label >= 0 && image.Label < ClassNames.Count && image is { Width: >= 1, Height: >= 1 } && (long)image.Width * image.Height <= ImageDecoder.MaxPixels
        && image.Offset >= Mark.Length && image.Offset <= end - (long)RgbImage.Channels * image.Width * image.Height);

    /// <inheritdoc/>
    public RgbImage Read(ImageFile file)
    {
        var image = (Packed)file;
        var pixels = GC.AllocateUninitializedArray<byte>(RgbImage.Channels * image.Width * image.Height);
        try
        {
            ReadAt(_file, pixels, image.Offset);
        }
        catch (IOException error)
        {
            throw new BadImageException($"cannot be read ({error.Message.TrimEnd('.')})");
        }
        return SumOf(pixels) == image.Sum ? new RgbImage(image.Width, image.Height, pixels) : throw new BadImageException("has other pixels than were packed");
    }

    /// <summary>The first 8 bytes of the pixels' SHA-256.</summary>
    internal static ulong SumOf(ReadOnlySpan<byte> pixels) => BitConverter.ToUInt64(SHA256.HashData(pixels).AsSpan(0, SumBytes));

    private static int ReadAt(SafeFileHandle file, Span<byte> bytes, long offset)
    {
        var read = 0;
        while (read < bytes.Length && RandomAccess.Read(file, bytes[read..], offset + read) is > 0 and var more) read += more;
        return read;
    }

    private static DatasetCorruptException Corrupt(string path, string found) =>
        new(path, found, "a file that \"fixupnet data pack\" wrote", note: "The file was left as it is: pack the folder again.");
}
