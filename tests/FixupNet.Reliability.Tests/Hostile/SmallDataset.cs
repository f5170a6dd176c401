using System.Formats.Tar;
using System.IO.Compression;
using System.Net;
using System.Security.Cryptography;
using FixupNet.Training.Data;

namespace FixupNet.Reliability.Tests.Hostile;

/// <summary>Datasets in the formats of the real ones, three images a file, and their downloads.</summary>
internal static class SmallDataset
{
    /// <summary>Folder of the files, in the archive too.</summary>
    public const string Folder = "small-bin";

    private const int Examples = 3;
    private static readonly Uri s_address = new("https://data.example/small.tar.gz");

    /// <summary>Records of a file in CIFAR's format.</summary>
    public static byte[] Records(byte firstLabel)
    {
        var records = new byte[Examples * 3073];
        new Random(firstLabel).NextBytes(records);
        for (var record = 0; record < Examples; record++) records[record * 3073] = (byte)(firstLabel + record);
        return records;
    }

    /// <summary>A dataset of two files in one archive.</summary>
    /// <param name="archive">The archive that its publisher vouches for.</param>
    public static DatasetEntry InArchive(byte[] archive)
    {
        DatasetFile train = new("train.bin", Examples, new CifarFormat(10)) { Official = SumOf(Records(0)) };
        DatasetFile test = new("test.bin", Examples, new CifarFormat(10)) { Official = SumOf(Records(5)) };
        return EntryOf(new DatasetLayout(Folder, [train], [test], [new(s_address, 1_000_000, [SumOf(archive)], [train, test]) { ArchiveFolder = Folder }]));
    }

    /// <summary>A dataset of images and labels in one packed file each, of which nothing is published.</summary>
    public static DatasetEntry Packed()
    {
        DatasetFile[] files = [new("images", Examples, new IdxImageFormat()), new("labels", Examples, new IdxLabelFormat(10))];
        return EntryOf(new DatasetLayout(Folder, files, files, []));
    }

    /// <summary>The packed files by name.</summary>
    public static IReadOnlyDictionary<string, byte[]> PackedFiles()
    {
        var pixels = new byte[Examples * 784];
        new Random(1).NextBytes(pixels);
        return new Dictionary<string, byte[]>
        {
            ["images.gz"] = Gzip([.. IdxHeader.Of(2051, Examples, 28, 28), .. pixels]), ["labels.gz"] = Gzip([.. IdxHeader.Of(2049, Examples), 1, 2, 3]),
        };
    }

    /// <summary>The archive as its publisher has it.</summary>
    public static byte[] Archive() => Gzip(Tar(Member("train.bin", Records(0)), Member("test.bin", Records(5))));

    /// <summary>A regular file of an archive, in the folder of the dataset.</summary>
    public static TarEntry Member(string name, byte[] content) => new PaxTarEntry(TarEntryType.RegularFile, $"{Folder}/{name}") { DataStream = new MemoryStream(content) };

    /// <summary>An archive, not packed.</summary>
    public static byte[] Tar(params IEnumerable<TarEntry> members)
    {
        using var content = new MemoryStream();
        using (var tar = new TarWriter(content, leaveOpen: true))
        {
            foreach (var member in members) tar.WriteEntry(member);
        }
        return content.ToArray();
    }

    /// <summary>Packs bytes.</summary>
    public static byte[] Gzip(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest)) gzip.Write(content);
        return packed.ToArray();
    }

    /// <summary>A server that answers every question with the same bytes.</summary>
    public sealed class Server(byte[] content) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(content) });
    }

    private static Checksum SumOf(byte[] content) => new("sha256", Convert.ToHexStringLower(SHA256.HashData(content)));

    private static DatasetEntry EntryOf(DatasetLayout layout) => DatasetEntry.FromFiles(
        "small", "for tests", layout, [.. Enumerable.Range(0, 10).Select(label => $"class {label}")], ChannelNormalization.Grey(0.5, 0.25));
}
