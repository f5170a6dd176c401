using FixupNet.Experiments.Configuration;
using FixupNet.Experiments.Configuration.Nodes;
using FixupNet.Experiments.Sweeps;
using FixupNet.Experiments.Trials;
using FixupNet.Runs.Json;
using FixupNet.Runs.Metrics;
using FixupNet.Runs.Records;
using FixupNet.Training.Data;
using FixupNet.Training.Data.Images;
using Serilog;

namespace FixupNet.Experiments.Tests.Trials;

/// <summary>Trainings on a folder of images: two epochs of seven steps, and what is told before they start.</summary>
internal sealed class FolderTrialTests : TrialFixture
{
    private string Images => Path.Combine(Folder.Path, "images");

    [SetUp]
    public void WriteImages()
    {
        Directory.CreateDirectory(Images);
        ImageFolderWriter.Write((ImageDataset)Datasets.All["synthetic-shapes"].Load(new SyntheticShapesOptions(100, 20)), 24, Images);
    }

    private TrainDocument OfFolder(params string[] changes) => Document([
        $"dataset={{\"name\":\"image-folder\",\"root\":\"{Images}\",\"size\":16,\"minCropArea\":0.25}}", "model={\"name\":\"resnet-imagenet\",\"depth\":18,\"width\":4}",
        "training.batchSize=15", .. changes.Any(change => change.StartsWith("augmentation.mixupAlpha", StringComparison.Ordinal)) ? [] : (string[])["augmentation.mixupAlpha=0.7"], .. changes]);

    // Cut off in the middle of an epoch and continued: the engine, the eager path, batch statistics; the uninterrupted run decodes on other threads.
    [TestCase("model.variant=fixup")]
    [TestCase("training.engine=eager")]
    [TestCase("model.variant=batchnorm")]
    public void Run_ContinuesWithTheSameBits_WhateverTheThreads(string change)
    {
        var (whole, cut) = (At("a"), At("b"));
        Run(OfFolder(change, "dataset.threads=1"), whole);

        Run(OfFolder(change, "dataset.threads=3"), cut, OnCpu with { MaxSteps = 3 });
        Run(OfFolder(change, "dataset.threads=3"), cut, OnCpu with { MaxSteps = 10 });
        var summary = Run(OfFolder(change, "dataset.threads=3"), cut);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((summary.State, summary.Steps), Is.EqualTo((TrialState.Completed, 14L)));
            TrialResumeTests.AssertSame(cut, whole);
        }
    }

    [Test]
    public void Run_RecordsTheShareOfTimeThatStepsWaited_AndEvaluateMeasuresTheSame()
    {
        var directory = At("a");

        var summary = Run(OfFolder(), directory);

        var lines = JsonLinesReader.ReadAll<MetricsLine>(directory.MetricsFile).ToList();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(lines.Where(line => line.Split == MetricsSplit.Train).Select(line => line.WaitedShare), Has.All.InRange(0, 1));
            Assert.That(summary.WaitedShare, Is.InRange(0, 1));
            Assert.That(lines.Where(line => line.Split == MetricsSplit.Test).Select(line => line.WaitedShare), Has.All.Null);
            Assert.That(EvaluationRunner.Run(OfFolder(), Path.Combine(directory.CheckpointFolder(14), "model.safetensors"), OnCpu).Values["accuracy"], Is.EqualTo(summary.Test!["accuracy"]));
        }
    }

    // An image packed at the size that it is measured at has the same bytes.
    [Test]
    public void Packed_IsMeasuredTheSame_AndTrains()
    {
        var file = Path.Combine(Folder.Path, "images.images");
        using (var stream = File.Create(file)) Assert.That(new ImagePacker(ImageFolder.Scan(Images), 18, BadImageRule.Stop).Write(stream), Is.EqualTo(120));

        var (unpacked, packed) = (Evaluation(OfFolder("dataset.resize=18", "model.variant=batchnorm")), Evaluation(OfFolder("dataset.resize=18", "model.variant=batchnorm", $"dataset.root={file}")));
        var summary = Run(OfFolder($"dataset.root={file}"), At("a"));

        Assert.That((packed, summary.State), Is.EqualTo((unpacked, TrialState.Completed)));
    }

    private static double Evaluation(TrainDocument document) => EvaluationRunner.Run(document, null, OnCpu).Loss;

    [Test]
    public void Start_TellsWhatIsMissing_AndWhatIsWrong()
    {
        var missing = OfFolder("dataset.root=/nowhere").Start.Find().Single();
        Directory.CreateDirectory(Path.Combine(Images, "val", "bird"));

        var differing = OfFolder().Start.Find().Single();

        using (Assert.EnterMultipleScope())
        {
            Assert.That((missing.Path, missing.Kind), Is.EqualTo(("dataset", ProblemKind.Missing)));
            Assert.That(missing.Message, Does.StartWith("cannot be loaded: /nowhere is not there"));
            Assert.That((differing.Path, differing.Kind), Is.EqualTo(("dataset", ProblemKind.Mismatching)));
            Assert.That(differing.Message, Does.Contain("bird").And.Contain("is a class that train does not have"));
        }
    }

    [Test]
    public void Start_LooksAtWeights_OfAsManyClassesAsTheFolderHas()
    {
        var file = Path.Combine(Folder.Path, "w.safetensors");
        WeightFiles.WriteInitial(OfFolder(), file);
        Directory.Delete(Path.Combine(Images, "val", "plus"), recursive: true);
        var same = OfFolder($"initialization.weights={file}").Start.Find();

        Directory.Delete(Path.Combine(Images, "train", "plus"), recursive: true);
        var fewer = OfFolder($"initialization.weights={file}").Start.Find().Single();

        Assert.That(same, Is.Empty);
        Assert.That((fewer.Path, fewer.Kind), Is.EqualTo(("initialization.weights", ProblemKind.Mismatching)));
    }

    [Test]
    public void Parse_RefusesADocumentWithoutRoot_AndOptionsThatContradict()
    {
        Assert.That(() => Document("dataset={\"name\":\"image-folder\"}"), Throws.TypeOf<ConfigException>().With.Message.Contains("root"));
        Assert.That(() => OfFolder("dataset.resize=12"), Throws.TypeOf<ConfigException>().With.Message.Contains("dataset.resize is 12; must be at least the size of 16"));
        Assert.That(() => OfFolder("dataset.mean=[0.5]"), Throws.TypeOf<ConfigException>().With.Message.Contains("must be three"));
    }

    [Test]
    public void ABadImage_EndsTheTrial_OrIsToldOnceAndLeftOut()
    {
        File.WriteAllText(Directory.GetFiles(Path.Combine(Images, "train", "plus"))[0], "text");
        var log = new KeepingLog();

        var summary = TrialRunner.Run(OfFolder("dataset.onBadImage=skip"), At("a"), OnCpu, new TrialServices(new LoggerConfiguration().WriteTo.Sink(log).CreateLogger(), TimeProvider.System), CancellationToken.None);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((summary.State, summary.Steps), Is.EqualTo((TrialState.Completed, 14L)));
            Assert.That(log.Warnings.Count(warning => warning.Contains("is no image that can be read") && warning.Contains("it is left out")), Is.EqualTo(1));
            Assert.That(log.Warnings, Has.Some.Contains("1 images were left out"));
            Assert.That(log.Informations, Has.Some.Contains("waited for images"));
            Assert.That(() => Run(OfFolder(), At("b")), Throws.TypeOf<DatasetCorruptException>());
        }
    }

    [TestCase("pruning", "images=4")]
    [TestCase("saliency", "images=2", "steps=1", "points=0", "k=10")]
    public void Study_LooksAtImagesOfAFolder(string study, params string[] options)
    {
        var record = Ask(study, options);

        Assert.That(record.Values.Select(value => value.Value), Has.All.Matches<double>(double.IsFinite));
    }

    [Test]
    public void Study_ThatChangesImages_IsRefusedByName() =>
        Assert.That(() => Ask("random-labels", "shares=2"), Throws.TypeOf<ConfigException>().With.Message.Contains("dataset.name is \"image-folder\", which is read image by image"));

    private StudyRecord Ask(string study, params string[] options) =>
        StudyRunner.Run(StudyChoice.Parse(study, options, ProductRegistries.All), OfFolder("augmentation.mixupAlpha=0"), null, OnCpu);
}
