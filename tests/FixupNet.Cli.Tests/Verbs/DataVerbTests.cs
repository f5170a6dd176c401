using System.Text.Json.Nodes;

namespace FixupNet.Cli.Tests.Verbs;

/// <summary>"data" of folders of images: verified, exported, packed, and trained on.</summary>
internal sealed class DataVerbTests : CliTests
{
    // One red pixel, as the Python Imaging Library writes it.
    private const string Png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC";

    [Test]
    public void Verify_NamesWhatIsWrongWithAFolderOfImages()
    {
        foreach (var folder in (string[])["train/cat", "val/cat"])
        {
            Directory.CreateDirectory(At("images", folder));
            File.WriteAllBytes(At("images", folder, "small.png"), Convert.FromBase64String(Png));
        }
        var sound = Run("data", "verify", At("images"));
        File.WriteAllText(At("images", "train/cat/text.jpg"), "text");

        var result = Run("data", "verify", At("images"));
        var json = Run("data", "verify", At("images"), "--json");

        using (Assert.EnterMultipleScope())
        {
            Assert.That((sound.ExitCode, result.ExitCode, json.ExitCode), Is.EqualTo((0, 65, 65)));
            Assert.That(sound.Error, Does.Contain("1 classes, 1 + 1 images, 0 errors"));
            Assert.That(result.Output, Does.Contain("text.jpg is no image that can be read").And.Contain("small.png is 1×1 pixels small"));
            Assert.That(JsonNode.Parse(json.Output)!.AsArray().Count(finding => (bool)finding!["isError"]!), Is.EqualTo(1));
        }
    }

    [Test]
    public void Verify_Gives66_WhereAFolderHoldsNoSplits() =>
        Assert.That(Run("data", "verify", Folder).ExitCode, Is.EqualTo(66));

    [Test]
    public void Export_WritesAFolder_ThatIsSound_AndReplacesNothing()
    {
        var exported = Export();
        var again = Export();
        var verified = Run("data", "verify", At("shapes"));

        using (Assert.EnterMultipleScope())
        {
            Assert.That((exported.ExitCode, again.ExitCode, verified.ExitCode), Is.EqualTo((0, ExitCodes.CannotCreate, 0)), exported.Error + verified.Error);
            Assert.That(exported.Output, Does.Contain("10 classes, 40 + 20 images of 16×16"));
            Assert.That(verified.Error, Does.Contain("10 classes, 40 + 20 images, 0 errors"));
            Assert.That(Directory.GetDirectories(Folder, "*.partial"), Is.Empty);
            Assert.That(Run("data", "export", "image-folder", At("other")).ExitCode, Is.EqualTo(ExitCodes.Usage));
        }
    }

    [Test]
    public void Pack_WritesOneFile_ThatIsVerified_AndTrainedOn()
    {
        Export();

        var packed = Run("data", "pack", At("shapes"), "--size", "12");
        var file = At("shapes-12.images");
        var sound = Run("data", "verify", file);
        var trained = Run("train", OfFolder(), $"dataset.root={file}", "--output", At("run"), "--threads", "1");
        Damage(file, place: 1000);
        var damaged = Run("data", "verify", file);
        var refused = Run("train", OfFolder(), $"dataset.root={file}", "--output", At("other"), "--threads", "1");
        Damage(file, place: -100);
        var broken = Run("train", OfFolder(), $"dataset.root={file}", "--output", At("other"), "--threads", "1");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(packed.Output, Does.Contain("10 classes, 60 images"), packed.Error);
            Assert.That((sound.ExitCode, trained.ExitCode), Is.EqualTo((0, 0)), sound.Error + trained.Error);
            Assert.That(trained.Error, Does.Contain("Steps waited for images"));
            Assert.That((damaged.ExitCode, refused.ExitCode, broken.ExitCode), Is.EqualTo((65, 65, 65)));
            Assert.That(damaged.Output, Does.Contain("has other pixels than were packed"));
            Assert.That(refused.Error, Does.Contain("has other pixels than were packed").And.Not.Contain("   at "));
            Assert.That(broken.Error, Does.Contain("a damaged table").And.Contain("pack the folder again"));
        }
    }

    [Test]
    public void Pack_StopsAtABadImage_OrLeavesItOut()
    {
        Export();
        File.WriteAllText(At("shapes", "train", "ring", "x.png"), "text");

        var stopped = Run("data", "pack", At("shapes"), "--output", At("a.images"));
        var left = Directory.GetFiles(Folder, "*a.images*");
        var skipped = Run("data", "pack", At("shapes"), "--output", At("a.images"), "--on-bad-image", "skip");

        using (Assert.EnterMultipleScope())
        {
            Assert.That((stopped.ExitCode, skipped.ExitCode), Is.EqualTo((65, 0)));
            Assert.That(stopped.Error, Does.Contain("x.png").And.Contain("--on-bad-image skip"));
            Assert.That(left, Is.Empty);
            Assert.That(skipped.Output, Does.Contain("60 images").And.Contain("1 images were left out."));
        }
    }

    // Before a run starts, by its own exit code, on one line.
    [TestCase("nowhere", 66, "is not there")]
    [TestCase("empty", 66, "train")]
    [TestCase("train.json", 65, "a file that \"fixupnet data pack\" wrote")]
    public void Train_RefusesARootThatIsNoFolderOfImages(string root, int exitCode, string message)
    {
        Directory.CreateDirectory(At("empty"));

        var result = Run("train", OfFolder(root), "--output", At("run"));
        var validated = Run("config", "validate", OfFolder(root));

        using (Assert.EnterMultipleScope())
        {
            Assert.That((result.ExitCode, validated.ExitCode), Is.EqualTo((exitCode, exitCode)), result.Error + validated.Error);
            Assert.That(result.Error, Does.Contain(message).And.Contain("dataset").And.Not.Contain("   at "));
            Assert.That(Directory.Exists(At("run")), Is.False);
        }
    }

    private CliResult Export() => Run("data", "export", "synthetic-shapes", At("shapes"), "--size", "16", "--train", "40", "--test", "20");

    private string OfFolder(string root = "shapes") => Write("folder.json", $$"""
        { "name": "folder", "dataset": { "name": "image-folder", "root": "{{root}}", "size": 16 }, "model": { "name": "resnet-imagenet", "depth": 18, "width": 2 },
          "training": { "epochs": 1, "batchSize": 16 } }
        """);

    // From the end where the place is below 0.
    private static void Damage(string file, int place)
    {
        var bytes = File.ReadAllBytes(file);
        bytes[place < 0 ? bytes.Length + place : place] ^= 1;
        File.WriteAllBytes(file, bytes);
    }
}
