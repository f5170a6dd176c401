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
        return (ImageDataset)_entry.Load(new FileDatasetOptions(_folder.Path, trainExamples));
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
    public void Load_RefusesAFileThatHasChanged_AndLeavesItAlone(int? trainExamples)
    {
        Load(Copy());
        DatasetVerifier.Verify(_entry, _folder.Path);
        var changed = Copy(9_000);

        var error = Assert.Throws<DatasetCorruptException>(() => Load(changed, trainExamples))!;

        Assert.That(error.Message, Does.Contain("which fixupnet.sha256 beside it recorded").And.Contain("The file was left as it is.").And.Contain("fixupnet data fetch tiny"));
        Assert.That(File.ReadAllBytes(Train), Is.EqualTo(changed));
    }

    [Test]
    public void Load_Succeeds_OnceAFileIsCopiedToItsEnd()
    {
        Assert.Throws<DatasetCorruptException>(() => Load(TinyDataset.CifarRecords()[..5_000]));

        Assert.That(Load(TinyDataset.CifarRecords()).UnknownFiles, Is.Empty);
    }
}
