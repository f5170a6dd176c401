namespace FixupNet.Training.Data;

/// <summary>One file of a dataset: its name, its exact content layout and the images of its split that it holds.</summary>
public sealed class DatasetFile
{
    /// <summary>Describes a file.</summary>
    /// <param name="name">File name without folder.</param>
    /// <param name="examples">How many records it holds.</param>
    /// <param name="format">What a record holds.</param>
    internal DatasetFile(string name, int examples, RecordFormat format) => (Name, Examples, Format) = (name, examples, format);

    /// <summary>File name without folder: "data_batch_1.bin". The same name with ".gz" is read as well.</summary>
    public string Name { get; }

    /// <summary>Index, within the split, of the first image it speaks of.</summary>
    public int FirstExample { get; internal init; }

    /// <summary>How many images, or labels of images, it holds.</summary>
    public int Examples { get; }

    /// <summary>Published sum of the unpacked file.</summary>
    public Checksum? Official { get; internal init; }

    /// <summary>Its exact size, unpacked.</summary>
    public long Bytes => Format.Header(Examples).Length + (long)Examples * Format.RecordBytes;

    /// <summary>What a record holds.</summary>
    internal RecordFormat Format { get; }

    /// <summary>Where the file lies in a folder, plain or else packed by gzip.</summary>
    /// <param name="folder">The folder of the dataset.</param>
    /// <returns>Its path, or null where there is neither.</returns>
    internal string? PathIn(string folder) =>
        ((string[])[Path.Combine(folder, Name), Path.Combine(folder, Name + PackedSuffix)]).FirstOrDefault(File.Exists);

    /// <summary>Ending of a file packed by gzip.</summary>
    internal const string PackedSuffix = ".gz";
}
