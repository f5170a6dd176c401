using FixupNet.Training.Data;

namespace FixupNet.Training.Tests.Data;

public sealed class DatasetVerifierTests
{
    private readonly DatasetEntry _entry = TinyDataset.Cifar([]);
    private TempFolder _folder = null!;

    [SetUp]
    public void CreateFolder() => _folder = new TempFolder();

    [TearDown]
    public void DeleteFolder() => _folder.Dispose();

    private FileState[] States(byte[]? train, byte[]? test)
    {
        if (train is not null) File.WriteAllBytes(_folder.File("tiny-bin/train.bin"), train);
        if (test is not null) File.WriteAllBytes(_folder.File("tiny-bin/test.bin"), test);
        return [.. DatasetVerifier.Verify(_entry, _folder.Path).Select(row => row.State)];
    }

    [Test]
    public void Verify_RecognizesTheOfficialFiles() =>
        Assert.That(States(TinyDataset.CifarRecords(), TinyDataset.CifarRecords(4)), Is.All.EqualTo(FileState.Official));

    [Test]
    public void Verify_TellsAReencodedCopyApart()
    {
        var changed = TinyDataset.CifarRecords();
        changed[100] ^= 1;

        Assert.That(States(changed, TinyDataset.CifarRecords(4)), Is.EqualTo(new[] { FileState.Sound, FileState.Official }));
    }

    [Test]
    public void Verify_RecordsSumsOfOtherFiles_AndNoticesAChange()
    {
        var copy = TinyDataset.CifarRecords();
        copy[100] ^= 1;
        States(copy, TinyDataset.CifarRecords(4));

        Assert.That(States(copy, null), Is.EqualTo(new[] { FileState.Recorded, FileState.Official }));

        copy[101] ^= 1;

        Assert.That(States(copy, null), Is.EqualTo(new[] { FileState.Corrupt, FileState.Official }));
        Assert.That(File.ReadAllBytes(_folder.File("tiny-bin/train.bin")), Is.EqualTo(copy), "verifying changes no file");
    }

    [Test]
    public void Verify_TakesThePublishedFile_WhateverWasRecorded()
    {
        var copy = TinyDataset.CifarRecords();
        copy[100] ^= 1;
        States(copy, TinyDataset.CifarRecords(4));

        Assert.That(States(TinyDataset.CifarRecords(), null), Is.All.EqualTo(FileState.Official));
    }

    [TestCase("garbage")]
    [TestCase("0123  train.bin")]
    [TestCase("{0}  ../train.bin")]
    [TestCase("{0} train.bin")]
    [TestCase("{0}  train.bin\n{0}  train.bin")]
    public void Verify_Throws_WhenTheRecordIsDamaged(string record)
    {
        File.WriteAllText(_folder.File("tiny-bin/fixupnet.sha256"), string.Format(null, record, new string('a', 64)));

        Assert.That(() => States(TinyDataset.CifarRecords(), TinyDataset.CifarRecords(4)),
            Throws.TypeOf<DatasetCorruptException>().With.Message.Contains("fixupnet.sha256").And.Message.Contains("Delete it"));
    }

    [Test]
    public void Verify_ReportsEveryProblem_AndDoesNotStopAtTheFirst() =>
        Assert.That(States(TinyDataset.CifarRecords(9), null), Is.EqualTo(new[] { FileState.Corrupt, FileState.Missing }));

    [Test]
    public void Verify_SaysWhatWasFound()
    {
        States(new byte[5], null);

        Assert.That(DatasetVerifier.Verify(_entry, _folder.Path)[0].Message, Does.Contain("5 bytes").And.Contains("9219 bytes"));
    }

    [Test]
    public void Verify_Throws_WhenTheDatasetHasNoFiles() =>
        Assert.That(() => DatasetVerifier.Verify(Datasets.All["synthetic-shapes"]), Throws.ArgumentException);
}
