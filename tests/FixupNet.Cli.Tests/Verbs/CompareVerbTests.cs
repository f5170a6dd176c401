using System.Text.Json.Nodes;
using FixupNet.Runs.Metrics;
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
            sweep.Trial(line).WriteSummary(new TrialSummary(TrialState.Completed, 3, 1, 0.5, Test: new MetricValues(("loss", 1), ("accuracy", 0.5 + Math.Sin(line.Index) / 10))));
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
    public void Compare_AlignsNamesToTheLeft() => Assert.That(
        Run("compare", $"{_sweep}:model.depth=8", $"{_sweep}:model.depth=14", "--margin", "1%").Output,
        Does.Match(@"(?m)^   model\.variant  n A .*\r?\nB  fixup +3 ").And.Match(@"(?m)^   model\.variant  difference .*\r?\nB  fixup  "));

    [Test]
    public void Compare_WritesJson()
    {
        var result = Run("compare", $"{_sweep}:model.variant=fixup", $"{_sweep}:model.variant=plain", "--json", "--correct", "bh", "--by", "model.depth");

        Assert.That((string?)JsonNode.Parse(result.Output)!["correction"], Is.EqualTo("bh"), result.Error);
    }

    [Test]
    public void Compare_NamesTheEffectAndWhatElseDiffers()
    {
        RunWith(new EndingProcess(TrialState.Completed, 0), "sweep", "run", At("sweep.json"), "seeds=[1,2,3]", "optimizer.learningRate=0.05", "--output", At("other"));
        var other = Directory.GetDirectories(At("other")).Single();

        var result = Run("compare", $"{_sweep}:model.variant=fixup", $"{_sweep}:model.variant=plain", $"{other}:model.variant=plain");

        Assert.That(result.Output, Does.Match(@"(?m)^ +model\.depth +n A .* Hedges' g_z ").And.Contain("g_z: the difference in standard deviations of the pairs")
            .And.Contain("   nothing else differs between A and B").And.Match(@"(?m)^   also differs from A in optimizer\.learningRate: 0\.05, in A 0\.1\r?$").And.Contain("n, means and deviations are of the pairs"));
    }

    [Test]
    public void Compare_TestsEquivalence_WhenAMarginIsGiven()
    {
        var result = Run("compare", $"{_sweep}:model.variant=fixup", $"{_sweep}:model.variant=plain", "--margin", "30%");

        Assert.That(result.Output, Does.Contain("Equal within ±30?").And.Match(@"(?m)^B +8 .* tost-paired +\d\.\d{4} .* (yes|not shown)\r?$"), result.Error);
    }

    [TestCase("test-accuracy", "0.5", "such as 0.5%")]
    [TestCase("test-accuracy", "-1%", "above 0")]
    [TestCase("test-loss", "1%", "must be a number above 0")]
    [TestCase("test-loss", "NaN", "must be a number above 0")]
    public void Compare_Gives64_WhenAMarginHasNotTheMetricsUnit(string metric, string margin, string message)
    {
        var result = Run("compare", _sweep, _sweep, "--metric", metric, $"--margin={margin}");

        Assert.That((result.ExitCode, result.Error.Contains(message)), Is.EqualTo((64, true)), result.Error);
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
