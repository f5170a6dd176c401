using FixupNet.Training.Data;

namespace FixupNet.Training.Tests.Data;

public sealed class DatasetsTests
{
    private static IEnumerable<DatasetEntry> Entries => Datasets.All;

    [Test]
    public void All_ListsEveryDataset() =>
        Assert.That(Datasets.All.Names, Is.EqualTo(new[] { "synthetic-shapes", "cifar10", "cifar100", "mnist", "fashion-mnist", "image-folder" }));

    [TestCaseSource(nameof(Entries))]
    public void Entry_HasDistinctClassNames(DatasetEntry entry)
    {
        // Those of a folder are in its files.
        Assert.That(entry.ClassNames is null, Is.EqualTo(entry.Name == "image-folder"));
        Assert.That(entry.ClassNames ?? [], Is.Unique);
        Assert.That(entry.ClassNames?.Count, Is.EqualTo(entry.Name switch { "image-folder" => null, "cifar100" => (int?)100, _ => 10 }));
    }

    [TestCaseSource(nameof(Entries))]
    public void Load_Throws_WhenOptionsAreOfAnotherType(DatasetEntry entry) =>
        Assert.That(() => entry.Load("options"), Throws.ArgumentException.With.Message.Contains(entry.OptionsType.Name));

    [TestCaseSource(nameof(Entries))]
    public void Downloads_AreHttpsAndYieldEveryFileOnce(DatasetEntry entry)
    {
        var downloads = entry.Layout?.Downloads ?? [];

        Assert.That(downloads.Select(download => download.Address.Scheme), Is.All.EqualTo("https"));
        Assert.That(downloads.SelectMany(download => download.Files), Is.EqualTo(entry.Layout?.Files ?? []));
        Assert.That(downloads.SelectMany(download => download.Sums).Select(sum => sum.Hex.Length), Is.All.EqualTo(32).Or.EqualTo(64));
    }

    // The sizes their publishers state.
    [TestCase("cifar10", "data_batch_5.bin", 30_730_000)]
    [TestCase("cifar100", "train.bin", 153_700_000)]
    [TestCase("mnist", "train-images-idx3-ubyte", 47_040_016)]
    [TestCase("fashion-mnist", "t10k-labels-idx1-ubyte", 10_008)]
    public void File_HasItsPublishedSize(string dataset, string name, long bytes) =>
        Assert.That(Datasets.All[dataset].Layout!.Files.Single(file => file.Name == name).Bytes, Is.EqualTo(bytes));
}
