namespace FixupNet.Training.Data;

/// <summary>One compiled-in address that "data fetch" may load from.</summary>
/// <param name="Address">https only.</param>
/// <param name="MaxBytes">More than this is refused while it arrives.</param>
/// <param name="Sums">Published sums of the download; all must match.</param>
/// <param name="Files">What it yields.</param>
internal sealed record DatasetDownload(Uri Address, long MaxBytes, IReadOnlyList<Checksum> Sums, IReadOnlyList<DatasetFile> Files)
{
    /// <summary>The folder of the files inside a tar.gz; null where the download is the one file itself, packed by gzip.</summary>
    public string? ArchiveFolder { get; init; }

    /// <summary>Another version, of which the files can be made; null where there is none.</summary>
    public PythonVersion? Python { get; init; }

    /// <summary>The archive where it was downloaded before, by another program for example; null where it is in none of the folders.</summary>
    /// <param name="folders">The folders.</param>
    public string? ArchiveIn(IEnumerable<string> folders) => ArchiveFolder is null
        ? null
        : folders.Select(folder => Path.Combine(folder, Path.GetFileName(Address.AbsolutePath))).FirstOrDefault(File.Exists);

    /// <summary>Checks that a file has all published sums.</summary>
    /// <param name="path">The file.</param>
    /// <param name="name">What to call it.</param>
    /// <param name="note">What to do where it has not; null for nothing.</param>
    /// <exception cref="DatasetCorruptException">It has other sums.</exception>
    public void RequireSums(string path, string name, string? note = null)
    {
        foreach (var sum in Sums)
        {
            using var content = File.OpenRead(path);
            var found = sum.Of(content);
            if (found != sum.Hex)
                throw new DatasetCorruptException(name, $"{content.Length} bytes with {sum.Algorithm} {found}", $"{sum.Algorithm} {sum.Hex}", note: note);
        }
    }

    /// <summary>What the files can be made of without a network; null where there is nothing.</summary>
    /// <param name="folders">Where it may lie.</param>
    public string? SourceIn(IReadOnlyList<string> folders) => ArchiveIn(folders) ?? Python?.FolderIn(folders, Files);

    /// <summary>Hosts, besides that of the address, to which the publisher is known to redirect.</summary>
    public IReadOnlyList<string> RedirectHosts { get; init; } = [];
}
