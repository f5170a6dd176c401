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

    /// <summary>The same images as a batch of CIFAR's Python version, opcode by opcode as Python 2 wrote those published.</summary>
    public static byte[] PythonBatch(byte firstLabel = 0, byte opcodeAfterAll = (byte)'.')
    {
        byte[] pixels = [.. CifarRecords(firstLabel).Chunk(3073).SelectMany(record => record[1..])];
        return
        [
            0x80, 2, .. "}q\u0001("u8, .. Text("batch_label"), .. "q\u0002"u8, .. Text("training batch 1 of 5"), .. "q\u0003"u8,
            .. Text("labels"), .. "q\u0004]q\u0005("u8, (byte)'K', firstLabel, (byte)'K', (byte)(firstLabel + 1), (byte)'K', (byte)(firstLabel + 2), (byte)'e',
            .. Text("data"), .. "q\u0006cnumpy.core.multiarray\n_reconstruct\nq\u0007cnumpy\nndarray\nq\u0008K\u0000"u8, 0x85, .. "q\u0009"u8, .. Text("b"), .. "q\u000a"u8, 0x87,
            .. "q\u000bRq\u000c(K\u0001K\u0003M\u0000\u000c"u8, 0x86, .. "q\u000dcnumpy\ndtype\nq\u000e"u8, .. Text("u1"), .. "q\u000fK\u0000K\u0001"u8, 0x87, .. "q\u0010Rq\u0011(K\u0003"u8, .. Text("|"),
            .. "q\u0012NNNJ"u8, 0xff, 0xff, 0xff, 0xff, (byte)'J', 0xff, 0xff, 0xff, 0xff, .. "K\u0000tb"u8, 0x89, (byte)'T', .. BitConverter.GetBytes(pixels.Length), .. pixels, .. "q\u0013tb"u8,
            .. Text("filenames"), .. "q\u0014]q\u0015("u8, .. Text("camion_s_000148.png"), .. "q\u0016eu"u8, opcodeAfterAll,
        ];
        static byte[] Text(string text) => [(byte)'U', (byte)text.Length, .. System.Text.Encoding.ASCII.GetBytes(text)];
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
            Python = new PythonVersion("tiny-py", ["labels"]),
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
