using FixupNet.Randomness;
using FixupNet.Training.Data;
using FixupNet.Training.Data.Images;

namespace FixupNet.Training.Tests.Data.Images;

/// <summary>Folders of images: what is there, what is wrong, and what is read of them in which order.</summary>
public sealed class ImageFolderTests
{
    [Test]
    public void Scan_ListsClassesAndFiles_InOrdinalOrder()
    {
        using var some = SomeFolder.OfImages(train: 2, test: 1);
        some.Write("train/cat/.DS_Store", [1]);
        some.Write("train/cat/notes.txt", [1]);
        some.Write("train/dog/A.JPG", EncodedImages.Bytes(EncodedImages.Jpeg420));

        var folder = some.Scan();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(folder.ClassNames, Is.EqualTo(new[] { "cat", "dog" }));
            Assert.That(folder.Train.Select(file => file.Path), Is.EqualTo(new[] { "train/cat/000.png", "train/cat/001.png", "train/dog/000.png", "train/dog/001.png", "train/dog/A.JPG" }));
            Assert.That(folder.Train.Select(file => file.Label), Is.EqualTo(new[] { 0, 0, 1, 1, 1 }));
            Assert.That(folder.Findings, Is.Empty);
            Assert.That(() => ((IImageCollection)folder).RequireSound(), Throws.Nothing);
        }
    }

    [Test]
    public void Digest_ChangesWithANameAndALength()
    {
        using var some = SomeFolder.OfImages(train: 1, test: 1);
        var before = some.Scan().Digest;

        some.Write("train/cat/001.png", EncodedImages.Bytes(EncodedImages.PngAlpha));
        var added = some.Scan().Digest;
        some.Write("train/cat/001.png", EncodedImages.Bytes(EncodedImages.PngPalette));

        Assert.That(new[] { before, added, some.Scan().Digest }, Is.Unique);
    }

    [Test]
    public void Scan_NamesWhatIsWrongWithClasses()
    {
        using var some = SomeFolder.OfImages(train: 1, test: 1);
        Directory.CreateDirectory(some.At("train/empty"));
        Directory.CreateDirectory(some.At("train/Dog"));
        some.Write("val/Cat/0.png", EncodedImages.Bytes(EncodedImages.PngPalette));

        var folder = some.Scan();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(folder.Findings.Where(finding => finding.IsError).Select(finding => finding.Message), Has.Some.Contains("upper and lower case")
                .And.Some.Contains("is a class that train does not have; it has cat, spelled otherwise").And.Some.Contains("holds no image"));
            Assert.That(folder.Findings.Where(finding => !finding.IsError).Select(finding => finding.Path), Has.Some.EndsWith("val/empty"));
            Assert.That(() => ((IImageCollection)folder).RequireSound(), Throws.TypeOf<DatasetCorruptException>().With.Message.Contains("data verify"));
        }
    }

    [TestCase("")]
    [TestCase("train")]
    [TestCase("train/cat")]
    public void Scan_RefusesAFolderWithoutSplits(string created)
    {
        using var some = new SomeFolder();
        Directory.CreateDirectory(some.At(created));

        Assert.That(some.Scan, Throws.TypeOf<DirectoryNotFoundException>());
        Assert.That(() => ImageFolder.Scan(some.At("nowhere")), Throws.TypeOf<DirectoryNotFoundException>());
    }

    // Whatever the number of threads, and in whatever order batches are asked for.
    [Test]
    public void Training_IsAFunctionOfSeedEpochAndIndex()
    {
        using var some = SomeFolder.OfImages();
        var folder = some.Scan();
        (int Epoch, int Index)[] straight = [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2)], jumping = [(1, 1), (0, 2), (1, 0), (0, 0), (1, 2), (0, 1)];

        using var one = new FolderImages(folder, Options(threads: 1, ahead: 0), new SeedPlan(3));
        using var many = new FolderImages(folder, Options(threads: 4, ahead: 3), new SeedPlan(3));
        var first = straight.ToDictionary(key => key, key => one.Training(key.Epoch, key.Index));
        var second = jumping.ToDictionary(key => key, key => many.Training(key.Epoch, key.Index));

        using (Assert.EnterMultipleScope())
        {
            foreach (var key in straight)
            {
                Assert.That(second[key].Pixels, Is.EqualTo(first[key].Pixels), $"{key}");
                Assert.That(second[key].Labels, Is.EqualTo(first[key].Labels), $"{key}");
            }
            Assert.That(straight[..3].SelectMany(key => first[key].Indices), Is.EquivalentTo(Enumerable.Range(0, 10)));
            Assert.That(first[(0, 0)].Pixels, Is.Not.EqualTo(first[(1, 0)].Pixels));
            Assert.That(first[(0, 2)].Labels, Has.Length.EqualTo(2));
        }
    }

    [Test]
    public void Test_ShowsTheCentre_InOrder()
    {
        using var some = SomeFolder.OfImages();
        var folder = some.Scan();
        using var images = new FolderImages(folder, Options(), new SeedPlan(1));

        var batch = images.Test(2, 2);

        var image = ImageDecoder.Decode(File.ReadAllBytes(some.At(folder.Test[3].Path)));
        var expected = new byte[3 * 8 * 8];
        new ImageView(8, 9, new CropAreas(), true).Evaluation(image, expected);
        using (Assert.EnterMultipleScope())
        {
            Assert.That((batch.Labels, batch.Indices), Is.EqualTo((new long[] { 0, 1 }, new long[] { 2, 3 })));
            Assert.That(batch.Pixels[(3 * 8 * 8)..], Is.EqualTo(expected));
        }
    }

    [Test]
    public void ABadImage_StopsTraining_OrIsLeftOutAndCounted()
    {
        using var some = SomeFolder.OfImages();
        some.Write("train/cat/002.png", "text"u8.ToArray());
        var folder = some.Scan();
        using var stopping = new FolderImages(folder, Options(size: 10), new SeedPlan(1));
        using var skipping = new FolderImages(folder, Options(size: 10, onBadImage: BadImageRule.Skip), new SeedPlan(1));

        var batch = skipping.Training(0, 0);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => stopping.Training(0, 0), Throws.TypeOf<DatasetCorruptException>().With.Message.Contains("002.png").And.Message.Contains("no image that can be read"));
            Assert.That(batch.Indices, Is.EquivalentTo(new[] { 0, 1, 3, 4, 5, 6, 7, 8, 9 }));
            Assert.That(skipping.Skipped.Keys, Is.EqualTo(new[] { "train/cat/002.png" }));
        }
    }

    private static FolderImageOptions Options(int threads = 2, int ahead = 2, int size = 4, BadImageRule onBadImage = BadImageRule.Stop) =>
        new(new ImageView(8, 9, new CropAreas(), Flip: true), size, onBadImage, threads, ahead);
}
