using FixupNet.Runs.Records;

namespace FixupNet.Cli.Tests.Verbs;

internal sealed class ExportVerbTests : CliTests
{
    [TestCase("csv", "gradient-norms.csv")]
    [TestCase("npy", "gradient-norms.npy")]
    [TestCase("tensorboard", "events.out.tfevents")]
    public void Export_WritesWhatARunHasRecorded(string format, string file)
    {
        Run("train", At("train.json"), "--output", At("run"));

        var result = Run("export", At("run"), "--to", format);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.ExitCode, Is.Zero, result.Error);
            Assert.That(result.Output, Does.Contain(file));
            Assert.That(result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries), Has.All.Exist.And.All.StartsWith(At("run", "export", format)));
        }
    }

    [Test]
    public void Export_WritesWhereItIsTold()
    {
        RunWith(new EndingProcess(TrialState.Completed, 0), "sweep", "run", At("sweep.json"), "--output", At("out"));

        var result = Run("export", Directory.GetDirectories(At("out")).Single(), "--to", "csv", "--output", At("tables"));

        Assert.That(File.ReadAllLines(At("tables", "summary.csv")), Has.Length.EqualTo(5), result.Error);
    }

    [Test]
    public void Export_Gives64AndASuggestion_WhenTheFormatIsMistyped()
    {
        var result = Run("export", Folder, "--to", "cvs");

        Assert.That((result.ExitCode, result.Error.Contains("did you mean \"csv\"?")), Is.EqualTo((64, true)), result.Error);
    }

    [Test]
    public void Export_Gives66_WhenTheFolderHoldsNoRun() => Assert.That(Run("export", Folder, "--to", "csv").ExitCode, Is.EqualTo(66));

    [Test]
    public void Export_Gives66_WhenThereIsNoFolder() => Assert.That(Run("export", At("none"), "--to", "csv").ExitCode, Is.EqualTo(66));
}
