namespace FixupNet.Training.Data;

/// <summary>Loads the files of a dataset from their publishers, checks them and puts them in place.</summary>
/// <remarks>
/// Addresses, hosts, sums, names and sizes are compiled in; nothing a server sends chooses a path. Files are complete and checked
/// before they get their names, and a file that exists is never replaced, whatever it holds. What the files can be made of without a network,
/// an archive or CIFAR's Python version, is taken where it lies, and left there.
/// </remarks>
public sealed class DatasetFetcher : IDisposable
{
    private readonly HttpDownloader _downloader;

    /// <summary>Creates a fetcher that uses the network.</summary>
    public DatasetFetcher() : this(new SocketsHttpHandler { AllowAutoRedirect = false, ConnectTimeout = TimeSpan.FromSeconds(30) })
    {
    }

    /// <summary>Creates a fetcher over another transport.</summary>
    /// <param name="handler">Answers the requests; it must hand out redirects rather than follow them, because their hosts are checked here.</param>
    public DatasetFetcher(HttpMessageHandler handler) : this(new HttpDownloader(handler))
    {
    }

    internal DatasetFetcher(HttpDownloader downloader) => _downloader = downloader;

    /// <summary>Loads what is missing of a dataset.</summary>
    /// <param name="entry">A dataset that is read from files.</param>
    /// <param name="root">As in the options; null for the usual place.</param>
    /// <param name="progress">Told about every block that arrives; may be null.</param>
    /// <param name="cancellationToken">Ends the download; nothing is left behind.</param>
    /// <returns>What is new and what was there.</returns>
    /// <exception cref="ArgumentException">The dataset is not read from files.</exception>
    /// <exception cref="DatasetCorruptException">A download or a file in its place is not what it has to be.</exception>
    /// <exception cref="HttpRequestException">The server cannot be reached, refuses, or redirects to where it may not.</exception>
    public async Task<FetchResult> FetchAsync(
        DatasetEntry entry, string? root = null, IProgress<FetchProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        if (entry.Layout is not { } layout) throw new ArgumentException($"{entry.Name} needs no files.", nameof(entry));
        var folder = layout.BestFolder(root);
        var missing = layout.Missing(folder);
        var kept = layout.Files.Except(missing).ToArray();
        foreach (var file in kept) RefuseWrongSize(file, file.PathIn(folder)!);
        // The files are made beside their place, on the same disk, so that moving them is one step.
        var sources = new List<string>();
        var staging = Path.Combine(DataFolder.Resolve(root), ".fetch-" + Path.GetRandomFileName());
        try
        {
            var recorded = RecordedDigests.Read(folder);
            var sums = new List<(string Path, string Sum)>();
            foreach (var download in layout.Downloads.Where(download => download.Files.Any(missing.Contains)))
            {
                Directory.CreateDirectory(staging);
                if (TakeLocal(download, layout.Candidates(root), staging) is { } source) sources.Add(source);
                else await DownloadAsync(download, staging, progress, cancellationToken);
                sums.AddRange(download.Files.Select(file => SumOf(file, file.PathIn(staging)!)));
            }
            MoveInto(folder, staging, missing);
            recorded.Add(sums.Where(sum => missing.Any(file => file.PathIn(folder) is { } path && Path.GetFileName(path) == Path.GetFileName(sum.Path))));
        }
        finally
        {
            if (Directory.Exists(staging)) Directory.Delete(staging, recursive: true);
        }
        return new FetchResult(folder, [.. missing.Select(file => file.Name)], [.. kept.Select(file => file.Name)], sources);
    }

    /// <summary>Releases the transport.</summary>
    public void Dispose() => _downloader.Dispose();

    private static string? TakeLocal(DatasetDownload download, IReadOnlyList<string> folders, string staging)
    {
        if (download.ArchiveIn(folders) is { } archive)
        {
            download.RequireSums(archive, archive, "Move it away, and it is downloaded.");
            TarExtractor.Extract(download, archive, staging);
            return archive;
        }
        if (download.Python?.FolderIn(folders, download.Files) is not { } folder) return null;
        foreach (var file in download.Files) download.Python.Convert(file, folder, Path.Combine(staging, file.Name));
        return folder;
    }

    private async Task DownloadAsync(
        DatasetDownload download, string staging, IProgress<FetchProgress>? progress, CancellationToken cancellationToken)
    {
        var packed = Path.Combine(staging, download.Files[0].Name + DatasetFile.PackedSuffix);
        await _downloader.DownloadAsync(download, packed, progress, cancellationToken);
        if (download.ArchiveFolder is null) return;
        TarExtractor.Extract(download, packed, staging);
        File.Delete(packed);
    }

    // Nothing is recorded of what has just been made.
    private static (string Path, string Sum) SumOf(DatasetFile file, string path) =>
        (path, DatasetFileReader.Check(file, path, RecordedDigests.Read(Path.GetDirectoryName(path)!)).Sum);

    private static void RefuseWrongSize(DatasetFile file, string path)
    {
        var length = new FileInfo(path).Length;
        if (Path.GetFileName(path) == file.Name && length != file.Bytes)
            throw new DatasetCorruptException(path, $"{length} bytes in a file that is already there", $"{file.Bytes} bytes; move it away and fetch again");
    }

    private static void MoveInto(string folder, string staging, IReadOnlyList<DatasetFile> missing)
    {
        Directory.CreateDirectory(folder);
        foreach (var file in missing)
        {
            var staged = file.PathIn(staging)!;
            File.Move(staged, Path.Combine(folder, Path.GetFileName(staged)), overwrite: false);
        }
    }
}
