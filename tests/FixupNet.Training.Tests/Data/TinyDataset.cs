using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using FixupNet.Training.Data;

namespace FixupNet.Training.Tests.Data;

/// <summary>Datasets of the real formats with three images a split, and their downloads.</summary>
internal static class TinyDataset
{
    public const int Examples = 3;
    public const string ArchiveFolder = "tiny-bin";
    public static readonly Uri Address = new("https://data.example/tiny.gz");

    public static byte[] Gzip(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest)) gzip.Write(content);
        return packed.ToArray();
    }

    public static byte[] IdxImages(params byte[] grey) =>
        [.. IdxHeader.Of(2051, grey.Length, 28, 28), .. grey.SelectMany(value => Enumerable.Repeat(value, 784))];

    public static byte[] IdxLabels(params byte[] labels) => [.. IdxHeader.Of(2049, labels.Length), .. labels];

    /// <summary>Images and labels as IDX, both splits from one pair of files.</summary>
    public static DatasetEntry Idx()
    {
        DatasetFile[] files = [new("images", Examples, new IdxImageFormat()), new("labels", Examples, new IdxLabelFormat(10))];
        return Entry(new DatasetLayout("tiny", files, files, []));
    }

    /// <summary>The records of one file in CIFAR's format.</summary>
    public static byte[] CifarRecords(byte firstLabel = 0)
    {
        var records = new byte[Examples * 3073];
        for (var record = 0; record < Examples; record++) records[record * 3073] = (byte)(firstLabel + record);
        return records;
    }

    /// <summary>A train and a test file in CIFAR's format, fetched as one tar.gz.</summary>
    public static DatasetEntry Cifar(byte[] archive, IReadOnlyList<string>? redirectHosts = null, long maxBytes = 1_000_000)
    {
        var format = new CifarFormat(10);
        DatasetFile train = new("train.bin", Examples, format) { Official = new("sha256", Sha256(CifarRecords())) };
        DatasetFile test = new("test.bin", Examples, format) { Official = new("sha256", Sha256(CifarRecords(4))) };
        var download = new DatasetDownload(Address, maxBytes, [new("sha256", Sha256(archive)), new("md5", Convert.ToHexStringLower(MD5.HashData(archive)))], [train, test])
        {
            ArchiveFolder = ArchiveFolder,
            RedirectHosts = redirectHosts ?? [],
        };
        return Entry(new DatasetLayout(ArchiveFolder, [train], [test], [download]));
    }

    public static TarEntry Member(string name, byte[] content, TarEntryType type = TarEntryType.RegularFile) =>
        new PaxTarEntry(type, name) { DataStream = new MemoryStream(content) };

    public static TarEntry[] GoodMembers() =>
        [Member($"{ArchiveFolder}/train.bin", CifarRecords()), Member($"{ArchiveFolder}/test.bin", CifarRecords(4))];

    public static byte[] TarGz(params IEnumerable<TarEntry> members)
    {
        using var content = new MemoryStream();
        using (var tar = new TarWriter(content, leaveOpen: true))
        {
            foreach (var member in members) tar.WriteEntry(member);
        }
        return Gzip(content.ToArray());
    }

    private static string Sha256(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));

    private static DatasetEntry Entry(DatasetLayout layout) => DatasetEntry.FromFiles(
        "tiny", "for tests", layout, [.. Enumerable.Range(0, 10).Select(label => $"class {label}")], ChannelNormalization.Grey(0.5, 0.25));
}
