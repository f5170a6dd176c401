namespace FixupNet.Training.Data;

/// <summary>The files a dataset consists of, where they lie and where they come from.</summary>
public sealed class DatasetLayout
{
    /// <summary>Describes the files of a dataset.</summary>
    /// <param name="folder">Name of its folder under the root.</param>
    /// <param name="trainFiles">Files of the training images.</param>
    /// <param name="testFiles">Files of the test images.</param>
    /// <param name="downloads">What "data fetch" loads.</param>
    internal DatasetLayout(
        string folder, IReadOnlyList<DatasetFile> trainFiles, IReadOnlyList<DatasetFile> testFiles, IReadOnlyList<DatasetDownload> downloads) =>
        (Folder, TrainFiles, TestFiles, Downloads) = (folder, trainFiles, testFiles, downloads);

    /// <summary>Name of its folder under the root.</summary>
    public string Folder { get; }

    /// <summary>Files of the training images.</summary>
    public IReadOnlyList<DatasetFile> TrainFiles { get; }

    /// <summary>Files of the test images.</summary>
    public IReadOnlyList<DatasetFile> TestFiles { get; }

    /// <summary>Every file, training files first.</summary>
    public IReadOnlyList<DatasetFile> Files => [.. TrainFiles, .. TestFiles];

    /// <summary>Training images there are.</summary>
    public int TrainExamples => TrainFiles.Max(file => file.FirstExample + file.Examples);

    /// <summary>Test images there are.</summary>
    public int TestExamples => TestFiles.Max(file => file.FirstExample + file.Examples);

    /// <summary>What "data fetch" loads.</summary>
    internal IReadOnlyList<DatasetDownload> Downloads { get; }

    /// <summary>The folders that may hold the files: the dataset's own under the root, and the root itself.</summary>
    /// <param name="root">As in the options; see <see cref="DataFolder.Resolve(string)"/>.</param>
    public IReadOnlyList<string> Candidates(string? root)
    {
        var resolved = DataFolder.Resolve(root);
        return [Path.Combine(resolved, Folder), resolved];
    }

    /// <summary>What the files can be made of without a network; null where there is nothing.</summary>
    internal string? LocalSource(string? root) => Downloads.Select(download => download.SourceIn(Candidates(root))).FirstOrDefault(source => source is not null);

    /// <summary>The candidate that misses the fewest files; the dataset's own folder where all miss as many.</summary>
    internal string BestFolder(string? root) => Candidates(root).MinBy(folder => Missing(folder).Count)!;

    /// <summary>The files a folder does not hold, plain or packed.</summary>
    internal IReadOnlyList<DatasetFile> Missing(string folder) => [.. Files.Where(file => file.PathIn(folder) is null)];
}
