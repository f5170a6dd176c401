using FixupNet.Training.Data;

namespace FixupNet.Training.Tests.Data;

/// <summary>Files of full size, empty but for a few records; the file system stores them as holes.</summary>
public sealed class CifarFilesTests
{
    private TempFolder _folder = null!;

    [SetUp]
    public void CreateFolder() => _folder = new TempFolder();

    [TearDown]
    public void DeleteFolder() => _folder.Dispose();

    private string WriteAll(string dataset, bool inOwnFolder = true)
    {
        var layout = Datasets.All[dataset].Layout!;
        foreach (var file in layout.Files)
        {
            using var content = File.Create(_folder.File(inOwnFolder ? $"{layout.Folder}/{file.Name}" : file.Name));
            content.SetLength(file.Bytes);
        }
        return Path.Combine(_folder.Path, layout.Folder);
    }

    private static void Write(string path, long offset, params byte[] bytes)
    {
        using var content = File.OpenWrite(path);
        content.Position = offset;
        content.Write(bytes);
    }

    private ImageDataset Load(string dataset, int? train, int? test) =>
        (ImageDataset)Datasets.All[dataset].Load(new FileDatasetOptions(_folder.Path, train, test));

    [Test]
    public void Load_ReadsLabelThenRedGreenBlue_ForCifar10()
    {
        var folder = WriteAll("cifar10");
        Write(Path.Combine(folder, "data_batch_1.bin"), 3073, [9, 200]); // label and first red value of image 1
        Write(Path.Combine(folder, "data_batch_1.bin"), 3073 + 1 + 2 * 1024, [77]); // its first blue value

        var train = Load("cifar10", 3, 1).Train;

        Assert.That(train.Labels, Is.EqualTo(new byte[] { 0, 9, 0 }));
        Assert.That((train.Pixels[3072], train.Pixels[3072 + 2048]), Is.EqualTo(((byte)200, (byte)77)));
    }

    [Test]
    public void Load_JoinsTheBatchesInOrder()
    {
        var folder = WriteAll("cifar10");
        Write(Path.Combine(folder, "data_batch_1.bin"), 9_999L * 3073, [3]);
        Write(Path.Combine(folder, "data_batch_2.bin"), 0, [4]);

        var train = Load("cifar10", 10_002, 1).Train;

        Assert.That(train.Labels[9_999..], Is.EqualTo(new byte[] { 3, 4, 0 }));
    }

    [Test]
    public void Load_ReadsEverything_WhenNoNumberIsGiven()
    {
        WriteAll("cifar10");

        var dataset = Load("cifar10", null, null);

        Assert.That((dataset.Train.Count, dataset.Test.Count), Is.EqualTo((50_000, 10_000)));
    }

    [Test]
    public void Load_AcceptsTheFolderItselfAsRoot()
    {
        WriteAll("cifar10", inOwnFolder: false);

        Assert.That(Load("cifar10", 1, 2).Test.Count, Is.EqualTo(2));
    }

    [Test]
    public void Load_TakesTheFineLabel_ForCifar100()
    {
        var folder = WriteAll("cifar100");
        Write(Path.Combine(folder, "train.bin"), 3074, [19, 99, 123]);

        var train = Load("cifar100", 2, 1).Train;

        Assert.That((train.Labels[1], train.Pixels[3072]), Is.EqualTo(((byte)99, (byte)123)));
    }

    [Test]
    public void Load_SaysWhereItLookedAndWhatToDo_WhenNothingIsThere()
    {
        var thrown = Assert.Throws<DatasetMissingException>(() => Load("cifar10", null, null))!;

        Assert.That(thrown.Message, Does.Contain(_folder.Path).And.Contains("data_batch_3.bin").And.Contains("fixupnet data fetch cifar10").And.Contains("dataset.root"));
        Assert.That(thrown.Missing, Has.Count.EqualTo(6));
    }

    [Test]
    public void Load_NamesTheOneMissingFile_EvenIfItIsNotNeeded()
    {
        File.Delete(Path.Combine(WriteAll("cifar10"), "data_batch_5.bin"));

        Assert.That(() => Load("cifar10", 1, 1), Throws.TypeOf<DatasetMissingException>().With.Property("Missing").EqualTo(new[] { "data_batch_5.bin" }));
    }

    [TestCase(30_729_999)]
    [TestCase(30_730_001)]
    [TestCase(0)]
    public void Load_Throws_WhenAFileHasTheWrongSize(long bytes)
    {
        using (var content = File.OpenWrite(Path.Combine(WriteAll("cifar10"), "test_batch.bin"))) content.SetLength(bytes);

        Assert.That(() => Load("cifar10", 1, 1), Throws.TypeOf<DatasetCorruptException>()
            .With.Message.Contains("test_batch.bin").And.Message.Contains($"{bytes} bytes").And.Message.Contains("30730000 bytes"));
    }

    [TestCase("cifar10", "test_batch.bin", 0, "label 10", "0 to 9")]
    [TestCase("cifar100", "test.bin", 0, "coarse label 20", "0 to 19")]
    [TestCase("cifar100", "test.bin", 1, "label 100", "0 to 99")]
    public void Load_Throws_WhenALabelIsOutOfRange(string dataset, string file, int position, string found, string expected)
    {
        var limit = byte.Parse(found.Split(' ')[^1]);
        Write(Path.Combine(WriteAll(dataset), file), position, limit);

        Assert.That(() => Load(dataset, 1, 1), Throws.TypeOf<DatasetCorruptException>()
            .With.Property("Found").Contains(found).And.Property("Found").Contains("record 0").And.Property("Expected").EqualTo(expected));
    }

    [TestCase(0, 1, "dataset.trainExamples is 0")]
    [TestCase(50_001, 1, "1 to 50000")]
    [TestCase(1, 10_001, "dataset.testExamples is 10001")]
    public void Load_Throws_WhenMoreIsAskedThanThereIs(int train, int test, string message) =>
        Assert.That(() => Load("cifar10", train, test), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains(message));
}
