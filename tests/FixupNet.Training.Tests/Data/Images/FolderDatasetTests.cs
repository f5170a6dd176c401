using FixupNet.Randomness;
using FixupNet.Training.Data;
using FixupNet.Training.Data.Images;
using FixupNet.Training.Tasks;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Training.Tests.Data.Images;

/// <summary>A folder of images as a dataset: what a network is given of it.</summary>
public sealed class FolderDatasetTests
{
    private DisposeScope _scope = null!;
    private SomeFolder _folder = null!;

    [SetUp]
    public void Open() => (_scope, _folder) = (NewDisposeScope(), SomeFolder.OfImages());

    [TearDown]
    public void Close()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    private static DatasetEntry Entry => Datasets.All["image-folder"];

    private ImageFolderOptions Options(int size = 8) => new(_folder.Root, size);

    private static BatchPipeline Pipeline(ImageFolderOptions options, int batchSize = 4, bool vary = true, double mixupAlpha = 0, int cutout = 0) => new(
        Entry.Load(options), new BatchOptions(batchSize, vary, vary, mixupAlpha, ScalarType.Float64, cutout), new SeedPlan(3), CPU);

    [Test]
    public void Load_TellsShapeClassesAndCounts()
    {
        var data = Entry.Load(Options(size: 24));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(data.Shape, Is.EqualTo(new ImageShape(3, 24, 24)));
            Assert.That(Entry.ShapeOf(Options(size: 24)), Is.EqualTo(data.Shape));
            Assert.That(data.ClassNames, Is.EqualTo(new[] { "cat", "dog" }));
            Assert.That(Entry.ClassCountOf(Options()), Is.EqualTo(2));
            Assert.That((data.TrainCount, data.TestCount), Is.EqualTo((10, 6)));
            Assert.That(Entry.CountsOf(Options()), Is.Null);
            Assert.That(data.ChannelMean, Is.EqualTo(new[] { 0.485, 0.456, 0.406 }));
        }
    }

    [Test]
    public void Test_IsTheCentreNormalized()
    {
        using var batches = Pipeline(Options() with { Mean = [0.5, 0.25, 0], Deviation = [0.5, 1, 2], Resize = 9 });

        var batch = batches.Test(1, 2);

        var image = ImageDecoder.Decode(File.ReadAllBytes(_folder.At("val/cat/001.png")));
        var planes = new byte[3 * 8 * 8];
        new ImageView(8, 9, null, Flip: false).Evaluation(image, planes);
        double Expected(int channel, double mean, double deviation) => (planes[channel * 64 + 19] / 255.0 - mean) / deviation;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(batch.Images.shape, Is.EqualTo(new long[] { 2, 3, 8, 8 }));
            Assert.That(Some.Values(batch.Images.select(0, 0).select(0, 0))[19], Is.EqualTo(Expected(0, 0.5, 0.5)).Within(1e-12));
            Assert.That(Some.Values(batch.Images.select(0, 0).select(0, 1))[19], Is.EqualTo(Expected(1, 0.25, 1)).Within(1e-12));
            Assert.That(Some.Values(batch.Images.select(0, 0).select(0, 2))[19], Is.EqualTo(Expected(2, 0, 2)).Within(1e-12));
        }
    }

    [Test]
    public void Training_ShowsEveryImageOnce_AndWithoutVariationItsCentre()
    {
        using var batches = Pipeline(Options(), vary: false);

        var epoch = Enumerable.Range(0, batches.BatchesPerEpoch).Select(index => batches.Training(0, index)).ToList();

        var (first, at) = (epoch[0], (int)epoch[0].Indices!.select(0, 0).ToInt64());
        using (Assert.EnterMultipleScope())
        {
            Assert.That(epoch.SelectMany(batch => batch.Indices!.data<long>().ToArray()), Is.EquivalentTo(Enumerable.Range(0, 10)));
            Assert.That(epoch.Select(batch => batch.Count), Is.EqualTo(new[] { 4, 4, 2 }));
            Assert.That(Some.Values(first.Images.select(0, 0)), Is.EqualTo(Some.Values(batches.Original(at, 1).Images.select(0, 0))));
            Assert.That(batches.Reading!.Waited, Is.GreaterThan(TimeSpan.Zero));
        }
    }

    // Whatever the number of threads, mixed, erased and jittered.
    [Test]
    public void Training_IsTheSame_WhateverTheThreadsAndWhatWasAskedBefore()
    {
        using var one = Pipeline(Options() with { Threads = 1, ColorJitter = 0.4 }, mixupAlpha: 0.7, cutout: 4);
        using var many = Pipeline(Options() with { Threads = 5, ColorJitter = 0.4 }, mixupAlpha: 0.7, cutout: 4);
        for (var index = 0; index < 3; index++) many.Training(0, index);

        var (first, again) = (one.Training(1, 2), many.Training(1, 2));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Some.Values(again.Images), Is.EqualTo(Some.Values(first.Images)));
            Assert.That(again.Labels.data<long>().ToArray(), Is.EqualTo(first.Labels.data<long>().ToArray()));
            Assert.That(again.Mix!.Lambda, Is.EqualTo(first.Mix!.Lambda));
        }
    }

    [Test]
    public void ABatchWithoutItsBadImages_IsMixedWithinItself_AndCounted()
    {
        _folder.Write("train/cat/002.png", "text"u8.ToArray());
        _folder.Write("val/dog/001.png", "text"u8.ToArray());
        using var batches = Pipeline(Options() with { OnBadImage = BadImageRule.Skip }, batchSize: 10, mixupAlpha: 1);
        using ITask task = new ImageClassification(batches);
        using var network = new LinearNetwork(ones(2, 3 * 8 * 8, float64));

        var batch = batches.Training(0, 0);
        var evaluation = task.Evaluate(network);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(batch.Count, Is.EqualTo(9));
            Assert.That(batch.Mix!.PartnerLabels.shape, Is.EqualTo(new long[] { 9 }));
            Assert.That(evaluation.ExampleCount, Is.EqualTo(5));
            Assert.That(evaluation.Loss, Is.EqualTo(Math.Log(2)).Within(1e-12)); // equal scores, of five images and not of six
            Assert.That(task.Reading!.LeftOut.Keys, Is.EquivalentTo(new[] { "train/cat/002.png", "val/dog/001.png" }));
        }
    }

    [Test]
    public void ABadImage_IsOneLine_ThatSaysWhatToDo()
    {
        _folder.Write("train/cat/002.png", "text"u8.ToArray());
        using var batches = Pipeline(Options(), batchSize: 10);

        Assert.That(() => batches.Training(0, 0), Throws.TypeOf<DatasetCorruptException>()
            .With.Message.Contains("002.png").And.Message.Contains("dataset.onBadImage=skip").And.Message.Not.Contains("\n"));
    }

    [TestCase("nowhere", "is not there")]
    [TestCase("train", "train")]
    public void RequireFiles_TellsOfAMissingFolder(string folder, string message) =>
        Assert.That(() => Entry.RequireFiles(new ImageFolderOptions(_folder.At(folder))), Throws.TypeOf<DatasetMissingException>().With.Message.Contains(message));

    // By the folders and the first image in each alone: whoever starts a run lists the files once more and no oftener.
    [TestCase("val/bird/0.png", "val/bird", "is a class that train does not have")]
    [TestCase("val/Cat/0.png", "val/Cat", "is a class that train does not have; it has cat, spelled otherwise")]
    [TestCase("train/Cat/0.png", "train/Cat", "differs from cat in upper and lower case alone")]
    [TestCase("train/empty/notes.txt", "train/empty", "holds no image")]
    public void RequireFiles_TellsOfClassesThatCannotBe_AsLoadDoes(string file, string path, string message)
    {
        _folder.Write(file, [1]);

        foreach (var open in (Action[])[() => Entry.RequireFiles(Options()), () => Entry.Load(Options())])
            Assert.That(() => open(), Throws.TypeOf<DatasetCorruptException>().With.Message.Contains($"{_folder.At(path)}: found {message}").And.Message.Not.Contains("\n"));
    }

    [Test]
    public void Validate_NamesWhatCannotBe()
    {
        var options = new ImageFolderOptions("x", Size: 64, Resize: 60, Mean: [0.5], Deviation: [1, 1, 1, 1], MinCropArea: 0.5, MaxCropArea: 0.4);

        Assert.That(options.Validate().Select(problem => problem.Member), Is.EquivalentTo(new[] { "Resize", "Mean", "Deviation", "MaxCropArea" }));
        Assert.That(new ImageFolderOptions("x").Validate(), Is.Empty);
    }
}
