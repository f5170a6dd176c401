using System.IO.Compression;

namespace FixupNet.Training.Data;

/// <summary>Reads a file of a dataset record by record and refuses what is not exactly as it has to be.</summary>
internal static class DatasetFileReader
{
    private const int BufferBytes = 1 << 16;

    /// <summary>Reads the first records of a file into the arrays of its split.</summary>
    /// <param name="file">What the file has to be.</param>
    /// <param name="path">Where it lies; ".gz" is unpacked on the way.</param>
    /// <param name="pixels">[N,3,32,32] of the split; images this file does not hold are left alone.</param>
    /// <param name="labels">[N] of the split.</param>
    /// <exception cref="DatasetCorruptException">Size, header or a label is wrong.</exception>
    public static void Read(DatasetFile file, string path, byte[] pixels, byte[] labels)
    {
        var count = Math.Min(file.Examples, labels.Length - file.FirstExample);
        Scan(file, path, count, (record, position) =>
        {
            var example = file.FirstExample + position;
            return file.Format.Decode(record, pixels.AsSpan(example * ImageSet.BytesPerImage, ImageSet.BytesPerImage), ref labels[example]);
        });
    }

    /// <summary>Checks size, header and every label of a file, and keeps nothing.</summary>
    /// <param name="file">What the file has to be.</param>
    /// <param name="path">Where it lies; ".gz" is unpacked on the way.</param>
    /// <exception cref="DatasetCorruptException">Size, header or a label is wrong.</exception>
    public static void Check(DatasetFile file, string path)
    {
        var image = new byte[ImageSet.BytesPerImage];
        Scan(file, path, file.Examples, (record, _) =>
        {
            byte label = 0;
            return file.Format.Decode(record, image, ref label);
        });
    }

    /// <summary>Opens a file, unpacking it where its name ends in ".gz".</summary>
    public static Stream OpenUnpacked(string path)
    {
        var content = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, BufferBytes);
        return path.EndsWith(DatasetFile.PackedSuffix, StringComparison.Ordinal)
            ? new BufferedStream(new GZipStream(content, CompressionMode.Decompress), BufferBytes)
            : content;
    }

    private delegate (string Found, string Expected)? RecordReader(ReadOnlySpan<byte> record, int position);

    private static void Scan(DatasetFile file, string path, int count, RecordReader read)
    {
        using var content = OpenUnpacked(path);
        try
        {
            CheckSize(file, path, content);
            CheckHeader(file, path, content);
            var record = new byte[file.Format.RecordBytes];
            for (var position = 0; position < count; position++)
            {
                content.ReadExactly(record);
                if (read(record, position) is { } problem)
                    throw new DatasetCorruptException(path, $"{problem.Found} in record {position}", problem.Expected);
            }
            if (!content.CanSeek) CheckRest(file, path, content, (long)(file.Examples - count) * record.Length);
        }
        catch (Exception error) when (error is EndOfStreamException or InvalidDataException)
        {
            throw new DatasetCorruptException(path, "a damaged or truncated file", $"{file.Bytes} bytes once unpacked", error);
        }
    }

    private static void CheckSize(DatasetFile file, string path, Stream content)
    {
        if (content.CanSeek && content.Length != file.Bytes)
            throw new DatasetCorruptException(path, $"{content.Length} bytes", $"{file.Bytes} bytes");
    }

    private static void CheckHeader(DatasetFile file, string path, Stream content)
    {
        var expected = file.Format.Header(file.Examples);
        var found = new byte[expected.Length];
        content.ReadExactly(found);
        if (!found.AsSpan().SequenceEqual(expected))
            throw new DatasetCorruptException(path, $"header {IdxHeader.Describe(found)}", $"header {IdxHeader.Describe(expected)}");
    }

    // The length of a packed file is known only once all of it is unpacked; one byte too many ends the search.
    private static void CheckRest(DatasetFile file, string path, Stream content, long restBytes)
    {
        var block = new byte[BufferBytes];
        for (int read; (read = content.Read(block)) > 0;)
        {
            restBytes -= read;
            if (restBytes < 0) throw new DatasetCorruptException(path, $"more than {file.Bytes} bytes once unpacked", $"{file.Bytes} bytes");
        }
        if (restBytes > 0) throw new DatasetCorruptException(path, $"{file.Bytes - restBytes} bytes once unpacked", $"{file.Bytes} bytes");
    }
}
