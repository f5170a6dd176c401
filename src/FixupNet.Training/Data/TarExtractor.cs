using System.Formats.Tar;
using System.IO.Compression;

namespace FixupNet.Training.Data;

/// <summary>Takes the expected files out of a tar.gz and nothing else.</summary>
/// <remarks>
/// A member is written only if it is a regular file whose whole name and size are those of an expected file, and then under
/// the name compiled in here. Other members are passed over, so no link, device, path or name in an archive reaches the disk.
/// </remarks>
internal static class TarExtractor
{
    private const int BlockBytes = 1 << 16;
    private const long MaxOverheadBytes = 16_000_000; // for headers and for members that are not wanted, such as a read-me

    /// <summary>Writes the files of a download into a folder.</summary>
    /// <param name="download">The expected files and their folder inside the archive.</param>
    /// <param name="archive">The tar.gz.</param>
    /// <param name="folder">An existing folder that holds none of the files yet.</param>
    /// <exception cref="DatasetCorruptException">The archive is damaged or lacks a file as expected.</exception>
    public static void Extract(DatasetDownload download, string archive, string folder)
    {
        try
        {
            var unpacked = Path.Combine(folder, ".tar");
            Unpack(download, archive, unpacked);
            ExtractMembers(download, archive, unpacked, folder);
            File.Delete(unpacked);
        }
        catch (Exception error) when (IsDamage(error))
        {
            throw new DatasetCorruptException(archive, $"a damaged archive ({error.Message})", "a tar packed by gzip", error);
        }
    }

    // What the reader of the format throws at what is none, a size beyond all numbers among it.
    private static bool IsDamage(Exception error) => error is InvalidDataException or EndOfStreamException or FormatException or ArgumentException
        or OverflowException or NotSupportedException or InvalidOperationException;

    // To a file and with a limit, so that neither a huge archive nor a huge header is ever held in memory.
    private static void Unpack(DatasetDownload download, string archive, string unpacked)
    {
        using var packed = File.OpenRead(archive);
        using var gzip = new GZipStream(packed, CompressionMode.Decompress);
        using var tar = new FileStream(unpacked, FileMode.CreateNew);
        var maxBytes = download.Files.Sum(file => file.Bytes) + MaxOverheadBytes;
        var block = new byte[BlockBytes];
        for (int read; (read = gzip.Read(block)) > 0;)
        {
            if (tar.Length + read > maxBytes) throw new DatasetCorruptException(archive, $"more than {maxBytes} bytes once unpacked", $"at most {maxBytes} bytes");
            tar.Write(block.AsSpan(0, read));
        }
    }

    private static void ExtractMembers(DatasetDownload download, string archive, string unpacked, string folder)
    {
        var wanted = download.Files.ToDictionary(file => $"{download.ArchiveFolder}/{file.Name}", StringComparer.Ordinal);
        using var content = File.OpenRead(unpacked);
        using var tar = new TarReader(content);
        while (tar.GetNextEntry() is { } member)
        {
            if (!wanted.Remove(member.Name, out var file)) continue;
            if (member.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile) || member.Length != file.Bytes)
                throw new DatasetCorruptException(archive, $"{member.Name} as {member.EntryType} of {member.Length} bytes", $"a regular file of {file.Bytes} bytes");
            using var target = new FileStream(Path.Combine(folder, file.Name), FileMode.CreateNew);
            member.DataStream!.CopyTo(target);
        }
        if (wanted.Count > 0) throw new DatasetCorruptException(archive, $"no {string.Join(", ", wanted.Keys)}", "every file of the dataset");
    }
}
