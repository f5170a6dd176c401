using System.Globalization;
using System.Text;
using FixupNet.Training.Data;

namespace FixupNet.Reliability.Tests.Hostile;

/// <summary>Promise 8: a dataset that was fetched or verified is trained on only as it was then; a file that has changed is refused, and stays as it is.</summary>
internal sealed class DatasetCorruptionTests : ReliabilityTest
{
    private static readonly byte[] s_page = Encoding.UTF8.GetBytes("<!DOCTYPE html><html><body>Please sign in.</body></html>");

    private static int s_flips;
    private static int s_others;
    private static int s_downloads;

    [OneTimeTearDown]
    public void NoteFigure() => Figures.Note(8, string.Create(CultureInfo.InvariantCulture,
        $"{s_flips} flipped bits and {s_others} truncated, lengthened and exchanged files of datasets, {s_downloads} damaged downloads: each noticed before training, each file set aside"));

    [TestCase(50)]
    [TestCase(1_000, Category = "Slow")]
    public async Task FlippedBit_IsNoticed(int flips)
    {
        var random = new Random(8);
        foreach (var (entry, files) in await Datasets())
        {
            for (var flip = 0; flip < flips / 2; flip++)
            {
                var (file, content) = files[random.Next(files.Count)];
                var damaged = content.ToArray();
                damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
                RequireNoticed(entry, file, content, damaged);
                s_flips++;
            }
        }
    }

    [Test]
    public async Task OtherContent_IsNoticed()
    {
        foreach (var (entry, files) in await Datasets())
        {
            foreach (var (file, content) in files)
            {
                IEnumerable<byte[]> damaged =
                [
                    .. Enumerable.Range(0, content.Length / 64).Where(block => block % 8 == 0 || content.Length < 4_000).Select(block => content[..(block * 64)]),
                    [.. content, 0], [.. content, .. content], [], s_page, new byte[content.Length], files.First(other => other.Path != file).Content,
                ];
                foreach (var bytes in damaged)
                {
                    RequireNoticed(entry, file, content, bytes);
                    s_others++;
                }
            }
        }
    }

    [TestCase(30)]
    [TestCase(500, Category = "Slow")]
    public void DamagedDownload_IsNoticed(int downloads)
    {
        var archive = SmallDataset.Archive();
        var random = new Random(88);
        for (var download = 0; download < downloads; download++)
        {
            var damaged = archive.ToArray();
            if (download == 0) damaged = s_page;
            else if (download % 10 == 0) damaged = damaged[..random.Next(damaged.Length)];
            else damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
            using var fetcher = new DatasetFetcher(new SmallDataset.Server(damaged));

            Assert.That(async () => await fetcher.FetchAsync(SmallDataset.InArchive(archive), Folder), Throws.TypeOf<DatasetCorruptException>());

            Assert.That(Directory.EnumerateFileSystemEntries(Folder), Is.Empty);
            s_downloads++;
        }
    }

    private async Task<List<(DatasetEntry Entry, List<(string Path, byte[] Content)> Files)>> Datasets()
    {
        var archive = SmallDataset.Archive();
        var fetched = SmallDataset.InArchive(archive);
        using (var fetcher = new DatasetFetcher(new SmallDataset.Server(archive))) await fetcher.FetchAsync(fetched, At("fetched"));
        var verified = SmallDataset.Packed();
        Directory.CreateDirectory(At("verified", SmallDataset.Folder));
        foreach (var (name, content) in SmallDataset.PackedFiles()) File.WriteAllBytes(At("verified", SmallDataset.Folder, name), content);
        DatasetVerifier.Verify(verified, At("verified"));
        return [(fetched, FilesOf("fetched", "train.bin", "test.bin")), (verified, FilesOf("verified", "images.gz", "labels.gz"))];
    }

    private List<(string Path, byte[] Content)> FilesOf(string root, params string[] names) =>
        [.. names.Select(name => At(root, SmallDataset.Folder, name)).Select(path => (path, File.ReadAllBytes(path)))];

    private static void RequireNoticed(DatasetEntry entry, string file, byte[] content, byte[] damaged)
    {
        File.WriteAllBytes(file, damaged);
        var options = new FileDatasetOptions(Path.GetDirectoryName(Path.GetDirectoryName(file)));

        var error = Assert.Throws<DatasetCorruptException>(() => entry.Load(options), $"{file}: {damaged.Length} bytes")!;

        Assert.That(error.Message, Does.StartWith(file).And.Contain("The file was left as it is."));
        Assert.That(File.ReadAllBytes(file), Is.EqualTo(damaged));
        File.WriteAllBytes(file, content);
        entry.Load(options);
    }
}
