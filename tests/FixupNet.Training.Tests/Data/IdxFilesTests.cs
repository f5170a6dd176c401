using FixupNet.Training.Data;

namespace FixupNet.Training.Tests.Data;

public sealed class IdxFilesTests
{
    private readonly DatasetEntry _entry = TinyDataset.Idx();
    private TempFolder _folder = null!;

    [SetUp]
    public void CreateFolder() => _folder = new TempFolder();

    [TearDown]
    public void DeleteFolder() => _folder.Dispose();

    private ImageDataset Load(byte[] images, byte[] labels, string suffix = "", int? train = null)
    {
        File.WriteAllBytes(_folder.File("tiny/images" + suffix), images);
        File.WriteAllBytes(_folder.File("tiny/labels" + suffix), labels);
        return (ImageDataset)_entry.Load(new FileDatasetOptions(_folder.Path, train));
    }

    [Test]
    public void Load_PadsTo32AndRepeatsOnThreeChannels()
    {
        var pixels = Load(TinyDataset.IdxImages(0, 50, 0), TinyDataset.IdxLabels(1, 2, 3)).Train.Pixels[3072..6144];

        byte At(int channel, int row, int column) => pixels[(channel * 32 + row) * 32 + column];
        Assert.That(new[] { At(0, 2, 2), At(1, 29, 29), At(2, 2, 29) }, Is.All.EqualTo(50));
        Assert.That(new[] { At(0, 1, 2), At(1, 2, 1), At(2, 30, 29), At(0, 29, 30) }, Is.All.EqualTo(0));
        Assert.That(pixels.Sum(value => value), Is.EqualTo(3 * 784 * 50));
    }

    [Test]
    public void Load_UnpacksGzip()
    {
        var dataset = Load(TinyDataset.Gzip(TinyDataset.IdxImages(7, 8, 9)), TinyDataset.Gzip(TinyDataset.IdxLabels(1, 2, 3)), ".gz", train: 2);

        Assert.That(dataset.Train.Labels, Is.EqualTo(new byte[] { 1, 2 }));
        Assert.That(dataset.Test.Labels, Is.EqualTo(new byte[] { 1, 2, 3 }));
    }

    [Test]
    public void Load_Throws_WhenTheMagicNumberIsWrong()
    {
        byte[] images = TinyDataset.IdxImages(1, 2, 3);
        images[3] = 1;

        Assert.That(() => Load(images, TinyDataset.IdxLabels(1, 2, 3)), Throws.TypeOf<DatasetCorruptException>()
            .With.Property("Found").EqualTo("header 2049, 3, 28, 28").And.Property("Expected").EqualTo("header 2051, 3, 28, 28"));
    }

    [Test]
    public void Load_Throws_WhenALabelIsOutOfRange() =>
        Assert.That(() => Load(TinyDataset.IdxImages(1, 2, 3), TinyDataset.IdxLabels(1, 10, 3)), Throws.TypeOf<DatasetCorruptException>()
            .With.Message.Contains("label 10 in record 1"));

    [Test]
    public void Load_Throws_WhenImagesAreMissing() =>
        Assert.That(() => Load(TinyDataset.IdxImages(1, 2), TinyDataset.IdxLabels(1, 2, 3)), Throws.TypeOf<DatasetCorruptException>()
            .With.Message.Contains($"{16 + 2 * 784} bytes"));

    [TestCase(2)]
    [TestCase(4)]
    public void Load_Throws_WhenAPackedFileHoldsTheWrongNumberOfBytes(int images)
    {
        byte[] content = [.. IdxHeader.Of(2051, 3, 28, 28), .. new byte[images * 784]];

        Assert.That(() => Load(TinyDataset.Gzip(content), TinyDataset.Gzip(TinyDataset.IdxLabels(1, 2, 3)), ".gz", train: 1),
            Throws.TypeOf<DatasetCorruptException>().With.Property("File").Contains("images.gz"));
    }

    [Test]
    public void Load_Throws_WhenAPackedFileIsCutOff() =>
        Assert.That(() => Load(TinyDataset.Gzip(TinyDataset.IdxImages(1, 2, 3))[..^12], TinyDataset.Gzip(TinyDataset.IdxLabels(1, 2, 3)), ".gz"),
            Throws.TypeOf<DatasetCorruptException>());

    [Test]
    public void Load_Throws_WhenAPackedFileIsNotGzip() =>
        Assert.That(() => Load("<html>not found</html>"u8.ToArray(), TinyDataset.Gzip(TinyDataset.IdxLabels(1, 2, 3)), ".gz"),
            Throws.TypeOf<DatasetCorruptException>());
}
