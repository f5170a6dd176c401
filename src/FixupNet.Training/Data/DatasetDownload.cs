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

    /// <summary>Hosts, besides that of the address, to which the publisher is known to redirect.</summary>
    public IReadOnlyList<string> RedirectHosts { get; init; } = [];
}
