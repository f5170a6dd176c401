using FixupNet.Training.Data;

namespace FixupNet.Reliability.Tests.Hostile;

/// <summary>Promise 8, with the program and files of the real size: exit code, message, and that the file stays as it is.</summary>
internal sealed class DatasetProgramTests : ReliabilityTest
{
    private const string Images = "train-images-idx3-ubyte";

    private string Root => At("data");

    private string ImagesFile => At("data", "mnist", Images);

    [Test]
    public void Train_RefusesAFileThatHasChanged_AndLeavesItAlone()
    {
        WriteMnist();
        var before = Train("before");
        Assert.That(before.ExitCode, Is.Zero, before.Error);
        Assert.That(before.Error, Does.Contain("are not the published files"));
        var verified = ProgramRun.Of("data", "verify", "mnist", "--root", Root);
        Assert.That(verified.ExitCode, Is.Zero, verified.Error);
        FlipABit();

        var changed = Train("changed");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(changed.ExitCode, Is.EqualTo(65));
            Assert.That(changed.Error, Does.Contain($"fixupnet: {ImagesFile}: found sha256").And.Contain("The file was left as it is.").And.Not.Contain("   at "));
            Assert.That(Directory.GetFiles(At("data", "mnist"), "*.corrupt"), Is.Empty);
        }
        FlipABit();
        Assert.That(Train("changed").ExitCode, Is.Zero);
    }

    [Test]
    public void Train_EndsAtAnImageThatIsNone_OrLeavesItOut()
    {
        var exported = ProgramRun.Of("data", "export", "synthetic-shapes", At("images"), "--size", "16", "--train", "32", "--test", "10");
        Assert.That(exported.ExitCode, Is.Zero, exported.Error);
        var bad = Directory.GetFiles(At("images", "train"), "*.png", SearchOption.AllDirectories).Order().First();
        File.WriteAllText(bad, "text");
        var document = Write("folder.json", """
            { "name": "folder", "dataset": { "name": "image-folder", "root": "images", "size": 16 }, "model": { "name": "resnet-imagenet", "depth": 18, "width": 2 },
              "training": { "epochs": 1, "batchSize": 8 } }
            """);
        ProgramRun TrainFolder(string output, params string[] changes) => ProgramRun.Of(["train", document, .. changes, "--output", At(output), "--threads", "1"]);

        var verified = ProgramRun.Of("data", "verify", At("images"));
        var stopped = TrainFolder("stopped");
        var skipped = TrainFolder("skipped", "dataset.onBadImage=skip");

        using (Assert.EnterMultipleScope())
        {
            Assert.That((verified.ExitCode, stopped.ExitCode, skipped.ExitCode), Is.EqualTo((65, 65, 0)), skipped.Error);
            Assert.That(verified.Output.Trim(), Is.EqualTo($"{bad} is no image that can be read (JPEG, PNG, WebP, GIF, BMP)."));
            Assert.That(stopped.Error.Split('\n').Where(line => line.Contains(bad)), Has.One.StartsWith($"fixupnet: {bad}: found an image that is no image that can be read"));
            Assert.That(skipped.Error, Does.Contain("1 images were left out"));
        }
    }

    private ProgramRun Train(string output) => ProgramRun.Of(
        "train", Write("train.json", """
            { "name": "tiny", "dataset": { "name": "mnist", "trainExamples": 16, "testExamples": 8 }, "model": { "name": "resnet-cifar", "depth": 8, "width": 2 },
              "training": { "epochs": 1, "batchSize": 8, "engine": "eager" } }
            """),
        $"dataset.root={Root}", "--output", At(output), "--threads", "1");

    private void FlipABit()
    {
        using var file = new FileStream(ImagesFile, FileMode.Open);
        file.Position = 40_000_000;
        var value = file.ReadByte();
        file.Position--;
        file.WriteByte((byte)(value ^ 4));
    }

    // Empty images of the right number, which the file system stores as holes.
    private void WriteMnist()
    {
        Directory.CreateDirectory(At("data", "mnist"));
        foreach (var file in Training.Data.Datasets.All["mnist"].Layout!.Files)
        {
            using var content = File.Create(At("data", "mnist", file.Name));
            content.Write(file.Format.Header(file.Examples));
            content.SetLength(file.Bytes);
        }
    }
}
