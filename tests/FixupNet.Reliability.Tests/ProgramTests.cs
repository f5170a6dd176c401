namespace FixupNet.Reliability.Tests;

/// <summary>The other tests of this project stand on this: the program beside them runs as a process.</summary>
internal sealed class ProgramTests : ReliabilityTest
{
    [Test]
    public void Program_Trains()
    {
        var document = Write("train.json", """
            { "name": "tiny", "dataset": { "name": "synthetic-shapes", "trainExamples": 16, "testExamples": 8 },
              "model": { "name": "resnet-cifar", "depth": 8, "width": 2 }, "training": { "epochs": 1, "batchSize": 8 } }
            """);

        var run = ProgramRun.Of("train", document, "--output", At("run"), "--threads", "1");

        Assert.That(run.ExitCode, Is.Zero, run.Error);
        Assert.That(File.Exists(At("run", "summary.json")));
    }
}
