using FixupNet.Registries;

namespace FixupNet.Training.Data;

/// <summary>Loads a dataset from its files.</summary>
/// <param name="name">Registry name.</param>
/// <param name="layout">Its files.</param>
/// <param name="classNames">Name of each class, by index.</param>
/// <param name="normalization">Mean and deviation of each channel.</param>
internal sealed class FileDataset(string name, DatasetLayout layout, IReadOnlyList<string> classNames, ChannelNormalization normalization)
{
    /// <summary>Finds and reads the files.</summary>
    /// <param name="options">Where, and how many images.</param>
    /// <exception cref="DatasetMissingException">A file is not there.</exception>
    /// <exception cref="DatasetCorruptException">A file is not what it has to be; it stays as it is.</exception>
    /// <exception cref="ArgumentOutOfRangeException">More images are asked for than there are, or fewer than one.</exception>
    public ImageDataset Load(FileDatasetOptions options)
    {
        var trainCount = CheckedCount("trainExamples", options.TrainExamples, layout.TrainExamples);
        var testCount = CheckedCount("testExamples", options.TestExamples, layout.TestExamples);
        var folder = RequireFolder(options);
        var recorded = RecordedDigests.Read(folder);
        var unknown = new List<string>();
        var train = ReadSplit(layout.TrainFiles, folder, trainCount, recorded, unknown);
        var test = ReadSplit(layout.TestFiles, folder, testCount, recorded, unknown);
        return new ImageDataset(name, train, test, classNames, normalization) { UnknownFiles = unknown };
    }

    /// <summary>How many images each split has, whether or not there are so many.</summary>
    public (int Train, int Test) CountsOf(FileDatasetOptions options) => (options.TrainExamples ?? layout.TrainExamples, options.TestExamples ?? layout.TestExamples);

    /// <summary>Looks whether the files are there and as long as they have to be.</summary>
    /// <exception cref="DatasetMissingException">A file is not there.</exception>
    /// <exception cref="DatasetCorruptException">A file that is not packed has another length.</exception>
    public void RequireFiles(FileDatasetOptions options)
    {
        var folder = RequireFolder(options);
        foreach (var (file, path) in layout.Files.Select(file => (file, file.PathIn(folder)!)).Where(item => !item.Item2.EndsWith(DatasetFile.PackedSuffix, StringComparison.Ordinal)))
            if (new FileInfo(path) is { Exists: true } found && found.Length != file.Bytes) throw Corrupt(path, $"{found.Length} bytes", $"{file.Bytes} bytes");
    }

    private string RequireFolder(FileDatasetOptions options)
    {
        var folder = layout.BestFolder(options.Root);
        if (layout.Missing(folder) is { Count: > 0 } missing)
            throw new DatasetMissingException(name, layout.Candidates(options.Root), [.. missing.Select(file => file.Name)], layout.LocalSource(options.Root));
        return folder;
    }

    private int CheckedCount(string option, int? asked, int available)
    {
        if (asked is < 1 || asked > available)
            throw new ArgumentOutOfRangeException(option, $"dataset.{option} is {asked}; {name} has 1 to {available}.");
        return asked ?? available;
    }

    private ImageSet ReadSplit(IReadOnlyList<DatasetFile> files, string folder, int count, RecordedDigests recorded, List<string> unknown)
    {
        var (pixels, labels) = (new byte[count * ImageSet.BytesPerImage], new byte[count]);
        foreach (var (file, path) in files.Where(file => file.FirstExample < count).Select(file => (file, file.PathIn(folder)!)))
        {
            if (ReadFile(file, path, recorded, pixels, labels) == FileOrigin.Unknown) unknown.Add(path);
        }
        return new ImageSet(pixels, labels);
    }

    private FileOrigin ReadFile(DatasetFile file, string path, RecordedDigests recorded, byte[] pixels, byte[] labels)
    {
        try
        {
            return DatasetFileReader.Read(file, path, recorded, pixels, labels).Origin;
        }
        catch (DatasetCorruptException error)
        {
            throw Corrupt(error.File, error.Found, error.Expected, error.InnerException);
        }
    }

    // Somebody may still be copying it, or has replaced it on purpose: a reader changes no data.
    private DatasetCorruptException Corrupt(string file, string found, string expected, Exception? inner = null) => new(
        file, found, expected, inner,
        $"The file was left as it is. Wait if it is still being copied; else move it away and put a sound copy in its place, or get one with \"fixupnet data fetch {name}\".");
}
