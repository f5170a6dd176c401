using FixupNet.Reliability.Tests.Harness;

namespace FixupNet.Reliability.Tests;

/// <summary>The other tests of this project stand on this: the program runs as a process.</summary>
internal sealed class ProgramTests : ReliabilityTest
{
    private const string Document = """
        { "name": "tiny", "dataset": { "name": "synthetic-shapes", "trainExamples": 16, "testExamples": 8 },
          "model": { "name": "resnet-cifar", "depth": 8, "width": 2 }, "training": { "epochs": 1, "batchSize": 8 } }
        """;

    [Test]
    public void Program_Trains()
    {
        var run = ProgramRun.Of(Train());

        Assert.That(run.ExitCode, Is.Zero, run.Error);
        Assert.That(File.Exists(At("run", "summary.json")));
    }

    // The document is read while libtorch is loaded on another thread; several times, since which of the two ends first is chance.
    [Test]
    public void Program_RefusesDocuments_WhileLibtorchIsLoaded()
    {
        var document = Write("train.json", """{ "name": "tiny", "model": { "name": "resnet-cifar", "depth": 9 } }""");

        var runs = Enumerable.Range(0, 6).Select(_ => ProgramRun.Of("train", document)).ToList();

        Assert.That(runs.Select(run => run.ExitCode), Is.All.EqualTo(78), string.Join('\n', runs.Select(run => run.Error)));
    }

    [TestCase("2>/dev/full", 66)]
    [TestCase("2>&-", 66)]
    [Platform("Linux", Reason = "only there is a device that is always full")]
    public void Program_EndsAsEver_WhenNobodyCanBeTold(string redirection, int exitCode) =>
        Assert.That(Redirected(redirection, ProgramRun.Program, "config", "validate", At("nope.json")).ExitCode, Is.EqualTo(exitCode));

    // What was asked for is the file of the result; that it could not be shown as well is said by the exit code.
    [TestCase("2>/dev/full", 0)]
    [TestCase(">/dev/full", 74)]
    [TestCase(">/dev/full 2>&1", 74)]
    [TestCase(">&- 2>&-", 74)]
    [Platform("Linux", Reason = "only there is a device that is always full")]
    public void Program_Trains_WhateverBecomesOfItsStreams(string redirection, int exitCode)
    {
        var run = Redirected(redirection, [ProgramRun.Program, .. Train()]);

        Assert.That(run.ExitCode, Is.EqualTo(exitCode), run.Error);
        Assert.That(Verifier.ProblemWith(At("run")), Is.Null);
        Assert.That(File.Exists(At("run", "summary.json")));
    }

    [Test]
    [Platform("Linux", Reason = "only there is a device that is always full")]
    public void Program_Trains_WhenTheDiskUnderItsLogsIsFull()
    {
        Directory.CreateDirectory(At("run"));
        foreach (var log in (string[])["log.txt", "log.jsonl"]) File.CreateSymbolicLink(At("run", log), "/dev/full");

        var run = ProgramRun.Of(Train());

        Assert.That(run.ExitCode, Is.Zero, run.Error);
        Assert.That(File.Exists(At("run", "summary.json")));
    }

    private string[] Train() => ["train", Write("train.json", Document), "--output", At("run"), "--threads", "1"];

    private static ProgramRun Redirected(string redirection, params IReadOnlyList<string> command) =>
        Child.Run(["sh", "-c", $"exec \"$@\" {redirection}", "sh", .. command]);
}
