using System.Text.Json;
using FixupNet.Runs;
using FixupNet.Runs.Records;

namespace FixupNet.Cli.Tests;

/// <summary>
/// A run that the program of commit 909c08e began, before methods, schemes and optimizers had today's options: 4 of 6 steps of a Fixup ResNet-8 on the
/// eager path with one thread, then killed.
/// </summary>
internal sealed class OlderRunTests : CliTests
{
    // What that program gave when nothing interrupted it.
    private const double TestLoss = 2.3025491714477537;
    private const double TrainLoss = 2.302330811818441;
    private const double MaxTotalNorm = 0.3517830909294319;

    private string Root => At("run");

    [SetUp]
    public void CopyRun()
    {
        var fixture = Path.Combine(TestContext.CurrentContext.TestDirectory, "Fixtures", "run-of-an-older-version");
        foreach (var file in Directory.GetFiles(fixture, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(Root, Path.GetRelativePath(fixture, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    [Test]
    public void Train_ContinuesIt_ToTheSameResult()
    {
        var result = Run("train", Path.Combine(Root, "config.json"), "--output", Root, "--threads", "1");

        Assert.That(result.ExitCode, Is.Zero, result.Error);
        var summary = new TrialDirectory(Root).ReadSummary()!;
        using (Assert.EnterMultipleScope())
        {
            Assert.That((summary.State, summary.Steps), Is.EqualTo((TrialState.Completed, 6L)));
            Assert.That(summary.Test!.Loss, Is.EqualTo(TestLoss).Within(1e-6)); // another processor rounds otherwise
            Assert.That(summary.Train!.Loss, Is.EqualTo(TrainLoss).Within(1e-6));
            Assert.That(summary.GradientNorms!.MaxTotalNorm, Is.EqualTo(MaxTotalNorm)); // of a step that the old program took
        }
    }

    [Test]
    public void Report_ShowsIt()
    {
        var result = Run("report", Root);

        Assert.That(result.ExitCode, Is.Zero, result.Error);
        Assert.That(result.Output, Does.Contain("4 steps"));
    }

    [Test]
    public void Evaluate_TakesItsWeights()
    {
        var result = Run("evaluate", Root, "--json");

        Assert.That(result.ExitCode, Is.Zero, result.Error);
        // The best checkpoint, of step 3, had this loss when it was tested.
        using var answer = JsonDocument.Parse(result.Output);
        Assert.That(answer.RootElement.GetProperty("loss").GetDouble(), Is.EqualTo(2.3025861740112306).Within(1e-4));
    }
}
