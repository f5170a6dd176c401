using FixupNet.Experiments.Configuration;
using FixupNet.Experiments.Trials;
using FixupNet.Runs;
using FixupNet.Runs.Json;
using FixupNet.Runs.Records;
using Serilog;

namespace FixupNet.Experiments.Tests.Trials;

/// <summary>Runs that are given more epochs than they had.</summary>
internal sealed class LongerRunTests : TrialFixture
{
    [Test]
    public void Run_GoesOnWithTheSameBits_AsIfItHadBeenLongerFromTheBeginning()
    {
        var (whole, grown) = (At("a"), At("b"));
        Run(Document("training.epochs=3"), whole);
        Run(Document("training.epochs=1"), grown);

        var summary = Run(Document("training.epochs=3"), grown);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((summary.State, summary.Epochs), Is.EqualTo((TrialState.Completed, 3.0)));
            TrialResumeTests.AssertSame(grown, whole);
            Assert.That(File.ReadAllText(grown.ConfigFile), Is.EqualTo(File.ReadAllText(whole.ConfigFile)));
            Assert.That(RunJson.ReadFile<TrialSummary>(Path.Combine(grown.Root, "summary.epochs-1.json")).Epochs, Is.EqualTo(1));
            Assert.That(grown.ReadEnvironment()!.Resumes!.Select(resume => resume.Step), Is.EqualTo(new[] { 7L }));
        }
    }

    [Test]
    public void Run_GoesOnTwice_AndAfterAnInterruption()
    {
        var (whole, grown) = (At("a"), At("b"));
        Run(Document("training.epochs=4"), whole);
        Run(Document("training.epochs=1"), grown);
        Run(Document("training.epochs=2"), grown);
        using var source = new CancellationTokenSource();
        source.Cancel();
        TrialRunner.Run(Document("training.epochs=3"), grown, OnCpu, Services(), source.Token);

        Run(Document("training.epochs=4"), grown);

        TrialResumeTests.AssertSame(grown, whole);
    }

    [TestCase("cosine", true)]
    [TestCase("constant", false)]
    public void Run_Warns_WhereTheScheduleDependsOnTheLength(string schedule, bool isWarned)
    {
        var (directory, log) = (At("a"), new KeepingLog());
        Run(Document("training.epochs=1", $"schedule.name={schedule}"), directory);

        Run(Document("training.epochs=2", $"schedule.name={schedule}"), directory, log);

        Assert.That(log.Warnings.Exists(text => text.Contains("depends on the length of the run")), Is.EqualTo(isWarned));
    }

    [Test]
    public void Run_Refuses_WhereNoCheckpointWasKept()
    {
        var directory = At("a");
        var before = Run(Document("training.epochs=1", "checkpoint.finalWeights=false"), directory);

        Assert.That(
            () => Run(Document("training.epochs=2", "checkpoint.finalWeights=false"), directory),
            Throws.TypeOf<InvalidDataException>().With.Message.Contains("no checkpoint to go on from, for checkpoint.finalWeights is false"));
        Assert.That(directory.ReadSummary()!.Epochs, Is.EqualTo(before.Epochs));
    }

    [TestCase("training.epochs=1")]
    [TestCase("training.epochs=3", "seed=2")]
    public void Run_Refuses_WhereAnythingElseDiffers(params string[] changes)
    {
        var directory = At("a");
        Run(Document(), directory);

        Assert.That(() => Run(Document(changes), directory), Throws.TypeOf<InvalidDataException>().With.Message.Contains("another configuration"));
        Assert.That(Directory.GetFiles(directory.Root, "*.epochs-*"), Is.Empty);
    }

    private static TrialSummary Run(TrainDocument document, TrialDirectory directory, KeepingLog log) => TrialRunner.Run(
        document, directory, OnCpu, new TrialServices(new LoggerConfiguration().WriteTo.Sink(log).CreateLogger(), TimeProvider.System), CancellationToken.None);
}
