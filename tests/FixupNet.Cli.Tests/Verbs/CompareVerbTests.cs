using System.Text.Json.Nodes;
using FixupNet.Runs;
using FixupNet.Runs.Records;

namespace FixupNet.Cli.Tests.Verbs;

internal sealed class CompareVerbTests : CliTests
{
    private string _sweep = "";

    [SetUp]
    public void RunSweep()
    {
        var process = new EndingProcess(TrialState.Completed, 0);
        RunWith(process, "sweep", "run", At("sweep.json"), "seeds=[1,2,3]", "--output", At("out"));
        _sweep = Directory.GetDirectories(At("out")).Single();
        var sweep = new SweepDirectory(_sweep);
        foreach (var line in sweep.ReadPlan())
            sweep.Trial(line).WriteSummary(new TrialSummary(TrialState.Completed, 3, 1, 0.5, Test: new SplitResult(1, 0.5 + Math.Sin(line.Index) / 10)));
    }

    [Test]
    public void Compare_ShowsATableAndEveryWarning()
    {
        var result = Run("compare", $"{_sweep}:model.variant=fixup", $"{_sweep}:model.variant=plain", "--test", "wilcoxon");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.ExitCode, Is.Zero, result.Error);
            Assert.That(result.Output, Does.Match(@"(?m)^B +8 +3 .* wilcoxon +\d\.\d{4} +\d\.\d{4}\r?$").And.Match(@"(?m)^B +14 "));
            Assert.That(result.Output, Does.Contain("2 comparisons tested, two-sided; p corrected by Holm").And.Contain("! model.depth=8: can never be significant"));
        }
    }

    [Test]
    public void Compare_WritesJson()
    {
        var result = Run("compare", $"{_sweep}:model.variant=fixup", $"{_sweep}:model.variant=plain", "--json", "--correct", "bh", "--by", "model.depth");

        Assert.That((string?)JsonNode.Parse(result.Output)!["correction"], Is.EqualTo("bh"), result.Error);
    }

    [TestCase("model.variant=fixp", "did you mean \"fixup\"?")]
    [TestCase("model.varaint=fixup", "did you mean \"model.variant\"?")]
    public void Compare_Gives64AndASuggestion_WhenANameIsMistyped(string values, string suggestion)
    {
        var result = Run("compare", $"{_sweep}:{values}", _sweep);

        Assert.That((result.ExitCode, result.Error.Contains(suggestion)), Is.EqualTo((64, true)), result.Error);
    }

    [TestCase("--metric", "test-acuracy", "test-accuracy")]
    [TestCase("--test", "welhc", "welch")]
    [TestCase("--correct", "hlom", "holm")]
    public void Compare_Gives64AndASuggestion_WhenAChoiceIsMistyped(string option, string given, string suggestion)
    {
        var result = Run("compare", _sweep, _sweep, option, given);

        Assert.That((result.ExitCode, result.Error.Contains($"did you mean \"{suggestion}\"?")), Is.EqualTo((64, true)), result.Error);
    }

    [Test]
    public void Compare_Gives64_WhenThereIsOneGroupOnly() => Assert.That(Run("compare", _sweep).ExitCode, Is.EqualTo(64));

    [Test]
    public void Compare_Gives66_WhenThereIsNoSweep() => Assert.That(Run("compare", At("none"), _sweep).ExitCode, Is.EqualTo(66));
}
