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
    /// <exception cref="DatasetCorruptException">A file is not what it has to be.</exception>
    /// <exception cref="ArgumentOutOfRangeException">More images are asked for than there are, or fewer than one.</exception>
    public ImageDataset Load(FileDatasetOptions options)
    {
        var trainCount = CheckedCount("trainExamples", options.TrainExamples, layout.TrainExamples);
        var testCount = CheckedCount("testExamples", options.TestExamples, layout.TestExamples);
        var folder = layout.BestFolder(options.Root);
        if (layout.Missing(folder) is { Count: > 0 } missing)
            throw new DatasetMissingException(name, layout.Candidates(options.Root), [.. missing.Select(file => file.Name)]);
        return new ImageDataset(
            name,
            ReadSplit(layout.TrainFiles, folder, trainCount),
            ReadSplit(layout.TestFiles, folder, testCount),
            classNames,
            normalization);
    }

    private int CheckedCount(string option, int? asked, int available)
    {
        if (asked is < 1 || asked > available)
            throw new ArgumentOutOfRangeException(option, $"dataset.{option} is {asked}; {name} has 1 to {available}.");
        return asked ?? available;
    }

    private static ImageSet ReadSplit(IReadOnlyList<DatasetFile> files, string folder, int count)
    {
        var (pixels, labels) = (new byte[count * ImageSet.BytesPerImage], new byte[count]);
        foreach (var file in files.Where(file => file.FirstExample < count))
            DatasetFileReader.Read(file, file.PathIn(folder)!, pixels, labels);
        return new ImageSet(pixels, labels);
    }
}
