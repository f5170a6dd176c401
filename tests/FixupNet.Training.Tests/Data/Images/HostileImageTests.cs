using FixupNet.Randomness;
using FixupNet.Training.Data;
using FixupNet.Training.Data.Images;

namespace FixupNet.Training.Tests.Data.Images;

/// <summary>Files of all kinds in a folder of images: each has its one line, none takes the process or its memory along.</summary>
internal sealed class HostileImageTests
{
    private SomeFolder _some = null!;

    [SetUp]
    public void Open() => _some = SomeFolder.OfImages(train: 2, test: 1);

    [TearDown]
    public void Close() => _some.Dispose();

    private static IReadOnlyList<HostileImage> All => HostileImage.All;

    [Test]
    public void Check_HasALineForEach()
    {
        foreach (var hostile in All) hostile.Write(_some.At($"train/cat/{hostile.Name}"));

        var folder = _some.Scan();
        var findings = ImageFolderCheck.Run(folder);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(findings.Select(finding => (Path.GetFileName(finding.Path), finding.IsError)), Is.EqualTo(All.Select(hostile => (hostile.Name, hostile.IsError))));
            foreach (var (finding, hostile) in findings.Zip(All)) Assert.That(finding.Message, Does.StartWith(hostile.Says).And.Not.Contain("\n"));
            Assert.That(folder.Digest, Has.Length.EqualTo(64));
        }
    }

    [TestCaseSource(nameof(All))]
    public void Training_ShowsIt_OrEndsWithItsPath_OrLeavesItOut(HostileImage hostile)
    {
        hostile.Write(_some.At($"train/cat/{hostile.Name}"));
        using var stopping = Images(BadImageRule.Stop);
        using var skipping = Images(BadImageRule.Skip);

        var batch = skipping.Training(0, 0);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(batch.Indices, Has.Length.EqualTo(hostile.IsError ? 4 : 5));
            Assert.That(skipping.Skipped.Select(pair => $"{pair.Key} {pair.Value}"), hostile.IsError ? Has.One.StartsWith($"train/cat/{hostile.Name} {hostile.Says}") : Is.Empty);
            Assert.That(() => stopping.Training(0, 0), hostile.IsError
                ? Throws.TypeOf<DatasetCorruptException>().With.Message.Contains($"{_some.At($"train/cat/{hostile.Name}")}: found an image that {hostile.Says}").And.Message.Not.Contain("\n")
                : Throws.Nothing);
        }
    }

    // Whether one is left out or shown, nothing of it stays: neither the file, nor what the decoder took, nor the 3.6 GB that one of them would be.
    [Test]
    public void Reading_KeepsNothing()
    {
        const int times = 400;
        foreach (var hostile in All) hostile.Write(_some.At($"train/cat/{hostile.Name}"));
        using var images = Images(BadImageRule.Skip);
        void Read(int from, int count)
        {
            for (var epoch = from; epoch < from + count; epoch++) images.Training(epoch, 0);
        }
        Read(0, times / 2);
        var before = ProcessMemory.ResidentBytes;

        Read(times / 2, times);

        // 8,000 files; a codec that stayed would hold 10 KB and more.
        Assert.That(ProcessMemory.ResidentBytes - before, Is.LessThan(40_000_000));
    }

    private FolderImages Images(BadImageRule rule) =>
        new(_some.Scan(), new FolderImageOptions(new ImageView(8, 9, new CropAreas(), Flip: true), 64, rule, Threads: 2, BatchesAhead: 0), new SeedPlan(1));
}
