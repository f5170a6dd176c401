namespace FixupNet.Training.Data;

/// <summary>Reads a file of a dataset record by record and refuses what is not exactly as it has to be.</summary>
internal static class DatasetFileReader
{
    private const int BufferBytes = 1 << 16;

    /// <summary>Reads the first records of a file into the arrays of its split, and the rest for its sum.</summary>
    /// <param name="file">What the file has to be.</param>
    /// <param name="path">Where it lies; ".gz" is unpacked on the way.</param>
    /// <param name="recorded">What is recorded of it.</param>
    /// <param name="pixels">[N,3,32,32] of the split; images this file does not hold are left alone.</param>
    /// <param name="labels">[N] of the split.</param>
    /// <returns>What vouches for its content, and the SHA-256 of the file on the disk.</returns>
    /// <exception cref="DatasetCorruptException">Size, header or a label is wrong, or it is not what was recorded.</exception>
    public static (FileOrigin Origin, string Sum) Read(DatasetFile file, string path, RecordedDigests recorded, byte[] pixels, byte[] labels)
    {
        var count = Math.Min(file.Examples, labels.Length - file.FirstExample);
        return Scan(file, path, recorded, count, (record, position) =>
        {
            var example = file.FirstExample + position;
            return file.Format.Decode(record, pixels.AsSpan(example * ImageSet.BytesPerImage, ImageSet.BytesPerImage), ref labels[example]);
        });
    }

    /// <summary>Checks size, header, every label and the sum of a file, and keeps nothing.</summary>
    /// <param name="file">What the file has to be.</param>
    /// <param name="path">Where it lies; ".gz" is unpacked on the way.</param>
    /// <param name="recorded">What is recorded of it.</param>
    /// <returns>What vouches for its content, and the SHA-256 of the file on the disk.</returns>
    /// <exception cref="DatasetCorruptException">Size, header or a label is wrong, or it is not what was recorded.</exception>
    public static (FileOrigin Origin, string Sum) Check(DatasetFile file, string path, RecordedDigests recorded)
    {
        var image = new byte[ImageSet.BytesPerImage];
        return Scan(file, path, recorded, file.Examples, (record, _) =>
        {
            byte label = 0;
            return file.Format.Decode(record, image, ref label);
        });
    }

    private delegate (string Found, string Expected)? RecordReader(ReadOnlySpan<byte> record, int position);

    private static (FileOrigin Origin, string Sum) Scan(DatasetFile file, string path, RecordedDigests recorded, int count, RecordReader read)
    {
        using var content = new HashedFile(path, file.Official?.Algorithm ?? "sha256");
        try
        {
            if (!content.IsPacked && content.DiskBytes is { } length && length != file.Bytes)
                throw new DatasetCorruptException(path, $"{length} bytes", $"{file.Bytes} bytes");
            CheckHeader(file, path, content.Content);
            var record = new byte[file.Format.RecordBytes];
            for (var position = 0; position < count; position++)
            {
                content.Content.ReadExactly(record);
                if (read(record, position) is { } problem)
                    throw new DatasetCorruptException(path, $"{problem.Found} in record {position}", problem.Expected);
            }
            CheckRest(file, path, content.Content, (long)(file.Examples - count) * record.Length);
            return Judge(file, path, recorded, content.Sums());
        }
        catch (Exception error) when (error is EndOfStreamException or InvalidDataException)
        {
            throw new DatasetCorruptException(path, "a damaged or truncated file", $"{file.Bytes} bytes once unpacked", error);
        }
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

    // The published file is always right, whatever was recorded of the one that lay there before.
    private static (FileOrigin Origin, string Sum) Judge(DatasetFile file, string path, RecordedDigests recorded, (string Disk, string Unpacked) sums)
    {
        if (file.Official?.Hex == sums.Unpacked) return (FileOrigin.Published, sums.Disk);
        if (recorded.Of(path) is not { } expected) return (FileOrigin.Unknown, sums.Disk);
        if (expected == sums.Disk) return (FileOrigin.Recorded, sums.Disk);
        throw new DatasetCorruptException(path, $"sha256 {sums.Disk}", $"{expected}, which {RecordedDigests.FileName} beside it recorded (delete that record where the file was replaced on purpose)");
    }
}
