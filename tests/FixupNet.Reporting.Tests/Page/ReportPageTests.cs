using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using FixupNet.Reporting.Page;
using FixupNet.Runs.Records;

namespace FixupNet.Reporting.Tests.Page;

/// <summary>What a page says, without a browser.</summary>
public sealed partial class ReportPageTests
{
    private SweepFixture _fixture = null!;

    [SetUp]
    public void CreateSweep() => _fixture = new SweepFixture();

    [TearDown]
    public void DeleteSweep() => _fixture.Dispose();

    [TestCase(true)]
    [TestCase(false)]
    public void Render_AllowsItsOwnScriptsAndStylesOnly(bool withCharts)
    {
        RichSweep.Fill(_fixture);

        var page = PageFile.Render(_fixture, withCharts);

        var policy = WebUtility.HtmlDecode(Regex.Match(page, "Content-Security-Policy\" content=\"([^\"]*)\"").Groups[1].Value);
        var hashes = Blocks().Matches(page).Select(block => $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(block.Groups[2].Value)))}'").ToList();
        Assert.That(Regex.Matches(policy, "'sha256-[^']*'").Select(match => match.Value), Is.EquivalentTo(hashes));
        Assert.That(policy, Does.StartWith("default-src 'none';").And.Not.Contain("unsafe").And.Not.Contain("http"));
        Assert.That(page, Does.Not.Contain(" style=").And.Not.Contain("<img"));
    }

    [Test]
    public void Render_SaysWhyAFigureIsAbsent()
    {
        _fixture.Add("fixup", 20, 1).WriteSummary(SweepFixture.Completed(0.5));

        var text = Text();

        Assert.That(text, Does.Contain("Accuracy by configuration: needs results of two configurations or more."));
        Assert.That(text, Does.Contain("Gradient norms: none were recorded; record.gradientNormsEverySteps asks for them."));
        Assert.That(text, Does.Contain("Largest stable learning rate against depth: needs a grid over optimizer.learningRate, or a factor of it, and model.depth."));
        Assert.That(text.IndexOf(">Not drawn<", StringComparison.Ordinal), Is.GreaterThan(text.LastIndexOf("</figure>", StringComparison.Ordinal)));
    }

    [Test]
    public void Render_TellsFailuresAndWhy()
    {
        _fixture.Add("plain", 20, 1).WriteSummary(SweepFixture.Diverged(7, "layer1.0"));
        var failed = _fixture.Add("plain", 110, 1);
        failed.WriteSummary(new TrialSummary(TrialState.Failed, 3, 0.1, 1));
        failed.WriteStatus(new TrialStatus(TrialState.Failed, 3, 0.1, DateTimeOffset.UnixEpoch, "The disk is full."));

        var text = Text();

        Assert.That(text, Does.Contain("loss; first in layer1.0").And.Contain("The disk is full."));
    }

    [Test]
    public void Render_TellsTheShareOfTimeThatATrialWaited()
    {
        _fixture.Add("fixup", 20, 1).WriteSummary(SweepFixture.Completed(0.5) with { WaitedShare = 0.0625 });
        _fixture.Add("fixup", 20, 2).WriteSummary(SweepFixture.Completed(0.5));

        var trials = PageFile.Render(_fixture).Split("Every trial")[1];

        Assert.That(trials, Does.Contain("title=\"waited %\"").And.Contain("data-value=\"0.0625\">6.25</td>"));
    }

    [Test]
    public void Render_MarksWhatDiffersBetweenTrials()
    {
        RichSweep.Fill(_fixture);

        var page = PageFile.Render(_fixture);

        Assert.That(page, Does.Contain("<mark>plain</mark>").And.Contain("<mark>110</mark>").And.Not.Contain("<mark>16</mark>").And.Not.Contain("<mark>fixup</mark>"));
        Assert.That(page, Does.Contain("<dt>model.width</dt>\n<dd>16</dd>")); // what all share
    }

    [Test]
    public void Render_TellsWhatRanAndHowToRepeatIt()
    {
        RichSweep.Fill(_fixture);

        var text = Text();

        Assert.That(text, Does.Contain("git checkout 0123abc").And.Contain($"./fixupnet sweep run {_fixture.Sweep.ResolvedSweepFile} --output repeated"));
        Assert.That(text, Does.Contain("LibTorch, libtorch 1.13").And.Contain("as it was written"));
    }

    // The commit does not hold the sources that ran.
    [TestCase("../../source-1.patch", "# commit 0123abc with the changes in source-1.patch\ngit checkout 0123abc\ngit apply {0}/source-1.patch\n")]
    [TestCase(null, "# commit 0123abc with changes that were not kept\n./fixupnet")]
    public void Render_NamesTheChanges_OfAProgramThatWasBuiltFromAChangedTree(string? diff, string expected)
    {
        RichSweep.Fill(_fixture, new SourceRecord("c0de", "0123abc", true, diff));

        Assert.That(Text(), Does.Contain(string.Format(expected, _fixture.Sweep.Root)).And.Contain("commit 0123abc with changes"));
    }

    [Test]
    public void Render_CountsLooksAtTheTestSet()
    {
        RichSweep.Fill(_fixture); // 16 trials, of which 2 diverge before their test

        Assert.That(Text(), Does.Contain("14 times: 14 of 16 trials were tested, once each."));
    }

    [Test]
    public void Render_IsTheSame_EveryTime()
    {
        RichSweep.Fill(_fixture);

        var first = PageFile.Render(_fixture);
        var second = PageFile.Render(_fixture);

        Assert.That(second, Is.EqualTo(first));
    }

    [Test]
    public void Render_ReadsASweepThatHasNotBegun()
    {
        _fixture.Add("fixup", 20, 1);

        Assert.That(Text(), Does.Contain("No trial has begun.").And.Contain("1 trial: 1 pending"));
    }

    [Test]
    public void Render_NamesTheFile_WhenAConfigurationIsDamaged()
    {
        var trial = _fixture.Add("fixup", 20, 1);
        File.WriteAllText(trial.ConfigFile, "{");

        Assert.That(() => PageFile.Render(_fixture), Throws.InstanceOf<InvalidDataException>().With.Message.Contains(trial.ConfigFile));
    }

    [Test]
    public void Assets_HoldOnlyWhatIsTheirs()
    {
        var without = PageAssets.Load(withCharts: false);

        Assert.That(without.HasCharts, Is.False);
        Assert.That(string.Concat(without.Scripts), Does.Not.Contain("leeoniya"));
    }

    private string Text() => WebUtility.HtmlDecode(PageFile.Render(_fixture));

    [GeneratedRegex("<(script|style)>(.*?)</(?:script|style)>", RegexOptions.Singleline)]
    private static partial Regex Blocks();
}
