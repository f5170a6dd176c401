using FixupNet.Reliability.Tests.Harness;

namespace FixupNet.Reliability.Tests.Kills;

/// <summary>Promise 1 for images that are read while a network trains: killed at any time and continued, the run is bit for bit the one that nobody disturbed.</summary>
internal sealed class FolderKillTests : ReliabilityTest
{
    // Twelve steps of eight images, decoded ahead on other threads.
    private const string Document = """
        { "name": "folder", "dataset": { "name": "image-folder", "root": "images", "size": 16 }, "augmentation": { "mixupAlpha": 0.3 },
          "model": { "name": "resnet-imagenet", "depth": 18, "width": 2 }, "training": { "epochs": 3, "batchSize": 8 },
          "record": { "gradientNormsEverySteps": 1, "metricsEverySteps": 2 }, "checkpoint": { "everySteps": 2 } }
        """;

    [TestCase(3)]
    [TestCase(40, Category = "Slow")]
    public void Kill_AtARandomTime_ChangesNoBit(int count)
    {
        var exported = ProgramRun.Of("data", "export", "synthetic-shapes", At("images"), "--size", "24", "--train", "32", "--test", "10");
        Assert.That(exported.ExitCode, Is.Zero, exported.Error);
        var document = Write("folder.json", Document);
        IReadOnlyList<string> Command(string run) => TinyTrial.Command(document, run);
        Child.Run(Command(At("warm-up")));
        var started = TimeProvider.System.GetTimestamp();
        var undisturbed = Child.Run(Command(At("whole")));
        var duration = TimeProvider.System.GetElapsedTime(started);
        Assert.That(undisturbed.ExitCode, Is.Zero, undisturbed.Error);

        for (var number = 0; number < count; number++)
        {
            var run = At($"killed-{number}");
            using (var process = Child.Start(Command(run)))
            {
                Thread.Sleep(duration * (0.3 + 0.65 * new Random(number).NextDouble()));
                ProgramRun.Signal("KILL", process.Id);
                Child.EndOf(process);
            }
            var resumed = Child.Run(Command(run));

            Assert.That((resumed.ExitCode, RunFingerprint.Of(run).DifferenceTo(RunFingerprint.Of(At("whole")))), Is.EqualTo((0, (string?)null)), resumed.Error);
        }
    }
}
