using System.Text.Json.Nodes;

namespace FixupNet.Cli.Tests.Verbs;

/// <summary>"data verify" of folders of images.</summary>
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
}
