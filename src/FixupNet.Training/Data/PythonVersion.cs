using FixupNet.Runs.Files;

namespace FixupNet.Training.Data;

/// <summary>CIFAR's Python version, of which the files of the binary version can be made, byte for byte.</summary>
/// <param name="Folder">Name of its folder.</param>
/// <param name="LabelKeys">Where a batch keeps its labels, in the order of the binary records.</param>
/// <remarks>https://www.cs.toronto.edu/~kriz/cifar.html: a batch is a pickled dictionary with "data", an array of bytes [N,3072], and labels.</remarks>
internal sealed record PythonVersion(string Folder, IReadOnlyList<string> LabelKeys)
{
    // File names and the pickle's own words, beside data and labels.
    private const int MaxOverheadBytes = 16_000_000;

    /// <summary>Where the version lies, among some folders and those of its name within them; null where files are missing everywhere.</summary>
    /// <param name="folders">The folders.</param>
    /// <param name="files">Files of the binary version.</param>
    public string? FolderIn(IEnumerable<string> folders, IReadOnlyList<DatasetFile> files) => folders
        .SelectMany(folder => (string[])[Path.Combine(folder, Folder), folder])
        .FirstOrDefault(folder => files.All(file => File.Exists(SourceOf(file, folder))));

    /// <summary>Makes a file of the binary version.</summary>
    /// <param name="file">The file.</param>
    /// <param name="folder">Folder of the Python version.</param>
    /// <param name="target">Where to write it; must not exist.</param>
    /// <exception cref="DatasetCorruptException">The batch is not what it has to be.</exception>
    public void Convert(DatasetFile file, string folder, string target)
    {
        var source = SourceOf(file, folder);
        try
        {
            var batch = PickleReader.Read(BoundedFile.Read(source, (int)file.Bytes + MaxOverheadBytes));
            var pixels = Pixels(batch, file.Examples);
            var labels = LabelKeys.Select(key => Labels(batch, key, file.Examples)).ToList();
            using var stream = new FileStream(target, FileMode.CreateNew);
            for (var example = 0; example < file.Examples; example++)
            {
                foreach (var list in labels) stream.WriteByte(list[example]);
                stream.Write(pixels.Span.Slice(example * ImageSet.BytesPerImage, ImageSet.BytesPerImage));
            }
        }
        catch (InvalidDataException error)
        {
            throw new DatasetCorruptException(source, error.Message, $"a batch of {file.Examples} images of CIFAR's Python version", error);
        }
    }

    private static string SourceOf(DatasetFile file, string folder) => Path.Combine(folder, Path.GetFileNameWithoutExtension(file.Name));

    // NumPy: an array is reconstructed, then given (version, shape, type, whether in Fortran's order, bytes).
    private static ReadOnlyMemory<byte> Pixels(IReadOnlyDictionary<string, object?> batch, int examples)
    {
        if (batch.GetValueOrDefault("data") is PickledCall { State: object?[] and [_, object?[] and [long count, long size], PickledCall { Arguments: [ReadOnlyMemory<byte> type, ..] }, false, ReadOnlyMemory<byte> bytes] }
            && type.Span.SequenceEqual("u1"u8) && count == examples && size == ImageSet.BytesPerImage && bytes.Length == count * size)
            return bytes;
        throw new InvalidDataException($"no \"data\" of {examples} x {ImageSet.BytesPerImage} bytes");
    }

    private static byte[] Labels(IReadOnlyDictionary<string, object?> batch, string key, int examples)
    {
        if (batch.GetValueOrDefault(key) is List<object?> list && list.Count == examples && list.TrueForAll(label => label is >= 0L and <= 255L))
            return [.. list.Select(label => (byte)(long)label!)];
        throw new InvalidDataException($"no \"{key}\" of {examples} numbers");
    }
}
