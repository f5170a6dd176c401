using FixupNet.Training.Data;

namespace FixupNet.Training.Tests.Data;

public sealed class FileDatasetTests
{
    private readonly DatasetEntry _entry = TinyDataset.Cifar([]);
    private TempFolder _folder = null!;

    [SetUp]
    public void CreateFolder() => _folder = new TempFolder();

    [TearDown]
    public void DeleteFolder() => _folder.Dispose();

    private string Train => _folder.File("tiny-bin/train.bin");

    private ImageDataset Load(byte[] train, int? trainExamples = null)
    {
        File.WriteAllBytes(Train, train);
        File.WriteAllBytes(_folder.File("tiny-bin/test.bin"), TinyDataset.CifarRecords(4));
        return _entry.Load(new FileDatasetOptions(_folder.Path, trainExamples));
    }

    private static byte[] Copy(int changedByte = 100)
    {
        var copy = TinyDataset.CifarRecords();
        copy[changedByte] ^= 1;
        return copy;
    }

    [Test]
    public void Load_TrustsThePublishedFiles() => Assert.That(Load(TinyDataset.CifarRecords()).UnknownFiles, Is.Empty);

    [Test]
    public void Load_TellsOfFilesThatNothingVouchesFor() => Assert.That(Load(Copy()).UnknownFiles, Is.EqualTo(new[] { Train }));

    [Test]
    public void Load_TrustsRecordedFiles()
    {
        Load(Copy());
        DatasetVerifier.Verify(_entry, _folder.Path);

        Assert.That(Load(Copy()).UnknownFiles, Is.Empty);
    }

    [TestCase(null)]
    [TestCase(1)] // the change lies behind the only image asked for
    public void Load_SetsAsideAFileThatHasChanged(int? trainExamples)
    {
        Load(Copy());
        DatasetVerifier.Verify(_entry, _folder.Path);
        var changed = Copy(9_000);

        var error = Assert.Throws<DatasetCorruptException>(() => Load(changed, trainExamples))!;

        Assert.That(error.Message, Does.Contain("which fixupnet.sha256 beside it recorded").And.Contain($"set aside as {Train}.corrupt"));
        Assert.That(File.Exists(Train), Is.False);
        Assert.That(File.ReadAllBytes(Train + ".corrupt"), Is.EqualTo(changed));
    }

    [Test]
    public void Load_KeepsEveryFileSetAside()
    {
        foreach (var length in new[] { 1, 2, 3 }) Assert.Throws<DatasetCorruptException>(() => Load(new byte[length]));

        Assert.That(new[] { "", "-2", "-3" }.Select(number => new FileInfo($"{Train}.corrupt{number}").Length), Is.EqualTo(new[] { 1, 2, 3 }));
    }

    [Test]
    public void Load_TellsOfFilesSetAside_WhenTheyAreMissed()
    {
        Assert.Throws<DatasetCorruptException>(() => Load([1]));

        Assert.That(() => _entry.Load(new FileDatasetOptions(_folder.Path)),
            Throws.TypeOf<DatasetMissingException>().With.Message.Contains("Found damaged and set aside: train.bin.corrupt."));
    }
}
