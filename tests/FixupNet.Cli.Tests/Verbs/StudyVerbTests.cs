using FixupNet.Runs;
using FixupNet.Runs.Json;
using FixupNet.Runs.Records;

namespace FixupNet.Cli.Tests.Verbs;

/// <summary>"study" of a run, what it keeps, and what it refuses.</summary>
internal sealed class StudyVerbTests : CliTests
{
    [Test]
    public void Study_KeepsItsAnswer_AndTheReportShowsIt()
    {
        var run = new TrialDirectory(At("run"));
        Run("train", At("train.json"), "--output", run.Root, "--threads", "1");

        var first = Run("study", "pruning", run.Root, "images=16", "--threads", "1");
        var record = RunJson.ReadFile<StudyRecord>(run.StudyFile("pruning"));
        var second = Run("study", "pruning", run.Root, "images=16", "--threads", "1");
        var other = Run("study", "pruning", run.Root, "images=8", "--threads", "1");
        Run("report", run.Root);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(first.ExitCode, Is.Zero, first.Error);
            Assert.That(first.Output, Does.Contain("accuracy with all weights: "));
            Assert.That((record.Options.GetProperty("images").GetInt32(), record.Options.GetProperty("scope").GetString()), Is.EqualTo((16, "global")));
            Assert.That(second.Output, Is.EqualTo(first.Output), "an answer to the same options is not asked for again, nor is its time another");
            Assert.That(other.Output, Is.Not.EqualTo(first.Output));
            Assert.That(File.ReadAllText(At("run", "report", "index.html")), Does.Contain("id=\"studies\"").And.Contain("share left out for one point of accuracy (%)"));
        }
    }

    [Test]
    public void Study_IsAskedAgain_OnceTheRunHasOtherWeights()
    {
        var run = new TrialDirectory(At("run"));
        Run("train", At("train.json"), "--output", run.Root, "--threads", "1", "--max-steps", "1");
        Run("study", "pruning", run.Root, "images=16", "--threads", "1");
        var before = RunJson.ReadFile<StudyRecord>(run.StudyFile("pruning"));
        Run("train", At("train.json"), "--output", run.Root, "--threads", "1");

        var result = Run("study", "pruning", run.Root, "images=16", "--threads", "1");
        var after = RunJson.ReadFile<StudyRecord>(run.StudyFile("pruning"));
        Directory.Delete(run.CheckpointsFolder, recursive: true);
        var known = Run("study", "pruning", run.Root, "images=16", "--threads", "1");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.ExitCode, Is.Zero, result.Error);
            Assert.That(after.Weights, Is.Not.EqualTo(before.Weights));
            Assert.That(known.Output, Is.EqualTo(result.Output), "the answer outlives the weights");
        }
    }

    [TestCase(66, "hessian", "runs/nothing-here")]
    [TestCase(78, "hessian", "images=0")]
    [TestCase(64, "hessian", "images=8")]
    [TestCase(64, "hessain", ".")]
    public void Study_RefusesWhatItCannotAsk(int exitCode, string study, string argument)
    {
        var result = Run("study", study, argument);

        Assert.That((result.ExitCode, result.ErrorLines.Length), Is.EqualTo((exitCode, 1)), result.Error);
    }
}
