using System.Globalization;
using System.Text.Json.Nodes;
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

    private const int ManyImages = 20_000;
    private const int FewImages = 2_000;

    // As many steps with few images as with many.
    private static string LongDocument(string images) => $$"""
        { "name": "folder", "dataset": { "name": "image-folder", "root": "{{images}}", "size": 32, "colorJitter": 0.4 }, "augmentation": { "mixupAlpha": 0.3 },
          "model": { "name": "resnet-imagenet", "depth": 18, "width": 2 }, "training": { "epochs": {{(images == "many" ? 1 : ManyImages / FewImages)}}, "evaluateEveryEpochs": 100, "batchSize": 50 },
          "record": { "gradientNormsEverySteps": 10 }, "checkpoint": { "everySteps": 20 } }
        """;

    [TestCase(3)]
    [TestCase(40, Category = "Slow")]
    public void Kill_AtARandomTime_ChangesNoBit(int count)
    {
        Export("images", 32);
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

    // More images than would be kept if they were: every process decodes on another number of threads.
    [Test]
    [Category("Slow")]
    public void Kill_AmongTwentyThousandImages_ChangesNoBit_AndTakesNoMoreMemoryThanAmongFew()
    {
        Export("many", ManyImages);
        Export("few", FewImages);
        var whole = Run("many", At("whole"), processors: 1);
        var few = Run("few", At("few-run"), processors: 1);

        foreach (var (checkpoint, processors) in ((int, int)[])[(60, 3), (200, 2), (320, 5)]) KillAfter(checkpoint, Start("many", At("killed"), processors));
        var resumed = Run("many", At("killed"), processors: 4);

        var (manyBytes, fewBytes) = (PeakBytes(At("whole")), PeakBytes(At("few-run")));
        Figures.Note(1, $"{ManyImages:N0} images in a folder: killed three times and continued with other numbers of decoding threads, 0 differences; "
            + $"peak memory {manyBytes / 1e6:F0} MB, with {FewImages:N0} images and as many steps {fewBytes / 1e6:F0} MB");
        Assert.That((whole.ExitCode, few.ExitCode, resumed.ExitCode), Is.EqualTo((0, 0, 0)), whole.Error + few.Error + resumed.Error);
        Assert.That(RunFingerprint.Of(At("killed")).DifferenceTo(RunFingerprint.Of(At("whole"))), Is.Null);
        // Names of 18,000 images; decoded, they would be 55 MB as the network sees them and 221 MB as they are.
        Assert.That(manyBytes - fewBytes, Is.LessThan(40_000_000));
    }

    private void Export(string folder, int train)
    {
        var exported = ProgramRun.Of("data", "export", "synthetic-shapes", At(folder), "--size", train < FewImages ? "24" : "64", "--train", $"{train}", "--test", "10");
        Assert.That(exported.ExitCode, Is.Zero, exported.Error);
    }

    private ProgramRun Run(string images, string run, int processors)
    {
        using var process = Start(images, run, processors);
        return Child.EndOf(process);
    }

    private System.Diagnostics.Process Start(string images, string run, int processors) => Child.Start(
        TinyTrial.Command(Write($"{images}.json", LongDocument(images)), run), new Dictionary<string, string> { ["DOTNET_PROCESSOR_COUNT"] = processors.ToString("X", CultureInfo.InvariantCulture) });

    // As soon as it has written a checkpoint of that step, and is in the middle of what follows.
    private void KillAfter(int step, System.Diagnostics.Process process)
    {
        using (process)
        {
            while (!Directory.Exists(At("killed", "checkpoints", $"step-{step:d10}")) && !process.HasExited) Thread.Sleep(10);
            Assert.That(process.HasExited, Is.False);
            ProgramRun.Signal("KILL", process.Id);
            Assert.That(Child.EndOf(process).ExitCode, Is.EqualTo(Child.Killed));
        }
    }

    private static long PeakBytes(string run) => (long)JsonNode.Parse(File.ReadAllText(Path.Combine(run, "summary.json")))!["peakMemoryBytes"]!;
}
