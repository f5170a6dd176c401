using FixupNet.Experiments.Configuration;
using FixupNet.Experiments.Trials;
using FixupNet.Runs;
using FixupNet.Runs.Checkpoints;
using FixupNet.Runs.Json;
using FixupNet.Runs.Records;
using FixupNet.Training;
using Serilog;
using Serilog.Core;

namespace FixupNet.Experiments.Tests.Trials;

/// <summary>Two epochs of seven steps, cut off somewhere and continued: the same bits as in one go.</summary>
internal sealed class TrialResumeTests : TrialFixture
{
    // Step 7 ends the first epoch; a run cancelled there has its evaluation still before it.
    [TestCase(1)]
    [TestCase(6)]
    [TestCase(7)]
    [TestCase(8)]
    [TestCase(13)]
    [TestCase(14)]
    public void Run_ContinuesWithTheSameBits(int cutAfter)
    {
        var (whole, cut) = (At("a"), At("b"));
        Run(Document("augmentation.mixupAlpha=0.7", "record.tensorboard=true"), whole);

        var interrupted = RunUntil(cutAfter, Document("augmentation.mixupAlpha=0.7", "record.tensorboard=true"), cut);
        var completed = Run(Document("augmentation.mixupAlpha=0.7", "record.tensorboard=true"), cut);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((interrupted.State, interrupted.Steps), Is.EqualTo((TrialState.Interrupted, (long)cutAfter)));
            Assert.That(completed.State, Is.EqualTo(TrialState.Completed));
            AssertSame(cut, whole);
        }
    }

    // Of seven steps an epoch: 7 is the end of one, 4 continues what was interrupted at 2, 14 is all there are.
    [TestCase(3)]
    [TestCase(2, 4)]
    [TestCase(7, 7, 9)]
    [TestCase(5, 14)]
    public void Run_ContinuesWithTheSameBits_AfterALimitOfSteps(params int[] limits)
    {
        var (whole, cut) = (At("a"), At("b"));
        Run(Document(), whole);

        foreach (var limit in limits) Run(Document(), cut, options: OnCpu with { MaxSteps = limit });
        Run(Document(), cut);

        AssertSame(cut, whole);
    }

    [Test]
    public void Run_EndsTheSessionOfTensorBoard_OnceItHasEnded()
    {
        var directory = At("a");
        bool HasEnd() => Directory.GetFiles(directory.TensorBoardFolder).Any(file => File.ReadAllText(file).Contains("session_end_info"));

        Run(Document("record.tensorboard=true"), directory, options: OnCpu with { MaxSteps = 3 });
        var before = HasEnd();
        Run(Document("record.tensorboard=true"), directory);

        Assert.That((before, HasEnd()), Is.EqualTo((false, true)));
    }

    [Test]
    public void Run_BeginsAgain_AndKeepsTheResultBefore_WhenToldNeverToResume()
    {
        var directory = At("a");
        var first = Run(Document(), directory);
        var log = new KeepingLog();
        Directory.CreateDirectory(directory.StudiesFolder);
        File.WriteAllText(directory.StudyFile("pruning"), "of the first network");

        Run(Document(), directory, log, OnCpu with { Resume = ResumeMode.Never });
        Run(Document(), directory, options: OnCpu with { Resume = ResumeMode.Never });

        var earlier = new TrialDirectory(directory.EarlierFolder(1));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(earlier.ReadSummary(), Is.EqualTo(first));
            Assert.That((File.Exists(earlier.StudyFile("pruning")), File.Exists(directory.StudyFile("pruning"))), Is.EqualTo((true, false)));
            AssertSame(earlier, directory);
            AssertSame(new TrialDirectory(directory.EarlierFolder(2)), directory);
            Assert.That(directory.ReadEnvironment()!.Resumes, Is.Null);
            Assert.That(log.Informations, Has.Some.Contains("is kept in").And.Contains("earlier-1"));
        }
    }

    [TestCase("model.variant=batchnorm")]
    [TestCase("training.engine=eager")]
    [TestCase("training.precision=float64")]
    [TestCase("training.microBatchSize=5")]
    [TestCase("optimizer.momentum=0")]
    [TestCase("schedule.name=cosine")]
    [TestCase("record.layers=all")]
    public void Run_ContinuesWithTheSameBits_Whatever(string change)
    {
        var (whole, cut) = (At("a"), At("b"));
        Run(Document(change), whole);

        RunUntil(3, Document(change), cut);
        RunUntil(10, Document(change), cut);
        Run(Document(change), cut);

        AssertSame(cut, whole);
    }

    // As after a kill: the logs hold more than the checkpoint knows of.
    [Test]
    public void Run_CutsLogsBackToTheCheckpoint_AndWritesTheSameLinesAgain()
    {
        var (whole, cut) = (At("a"), At("b"));
        Run(Document("record.gradientNormsEverySteps=1", "record.metricsEverySteps=1"), whole);
        RunUntil(5, Document("record.gradientNormsEverySteps=1", "record.metricsEverySteps=1"), cut);
        File.AppendAllText(cut.MetricsFile, """{"seq":5,"step":6,"epoch":0.9,"split":"train","loss":9""");
        File.AppendAllText(cut.GradientNormsFile, "{\"step\":5,\"epoch\":0.9,\"total\":1,\"norms\":[1]}\n");

        Run(Document("record.gradientNormsEverySteps=1", "record.metricsEverySteps=1"), cut);

        AssertSame(cut, whole);
    }

    [Test]
    public void Run_CallsNoCheckpointTheBest_BeforeAnEvaluation()
    {
        var directory = At("a");

        RunUntil(5, Document("checkpoint.everySteps=2"), directory);

        Assert.That(new CheckpointStore(directory, keep: 9).List(), Is.EqualTo(new[] { "step-0000000005", "step-0000000004" }));
        Assert.That(File.Exists(directory.BestCheckpointFile), Is.False);
    }

    [Test]
    public void Run_SavesEveryFewSteps_AndKeepsTheNewestAndTheBest()
    {
        var directory = At("a");

        Run(Document("checkpoint.everySteps=2", "checkpoint.keep=3", "training.evaluateEveryEpochs=2"), directory);

        // 2, 4, 6, 8, 10, 12 were saved on the way; the end, which is also the only evaluation, at 14.
        Assert.That(Names(directory), Is.EqualTo(new[] { "step-0000000014", "step-0000000012", "step-0000000010" }));
        Assert.That(File.ReadAllText(directory.BestCheckpointFile), Is.EqualTo("step-0000000014\n"));
    }

    [Test]
    public void Run_SavesEveryFewMinutes()
    {
        var directory = At("a");
        var clock = new SteppingClock();

        TrialRunner.Run(
            Document("checkpoint.everyMinutes=10", "checkpoint.keep=9", "training.evaluateEveryEpochs=2"), directory, OnCpu,
            new TrialServices(Logger.None, clock, _ => new EveryStep(() => clock.Advance(TimeSpan.FromMinutes(4)))), CancellationToken.None);

        Assert.That(Names(directory).Reverse(), Is.EqualTo(new[] { 3, 6, 9, 12, 14 }.Select(step => $"step-{step:D10}")));
    }

    [Test]
    public void Run_RemovesCheckpoints_WhenTheWeightsAreNotWanted()
    {
        var (whole, cut) = (At("a"), At("b"));
        Run(Document("checkpoint.finalWeights=false"), whole);

        RunUntil(5, Document("checkpoint.finalWeights=false"), cut);
        var kept = Names(cut);
        Run(Document("checkpoint.finalWeights=false"), cut);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(kept, Is.EqualTo(new[] { "step-0000000005" }));
            Assert.That(Directory.Exists(cut.CheckpointsFolder), Is.False);
            Assert.That(File.ReadAllBytes(cut.GradientNormsFile), Is.EqualTo(File.ReadAllBytes(whole.GradientNormsFile)));
        }
    }

    [Test]
    public void Run_SetsADamagedCheckpointAside_AndTakesTheOneBefore()
    {
        var (whole, cut) = (At("a"), At("b"));
        Run(Document("checkpoint.everySteps=2"), whole);
        RunUntil(5, Document("checkpoint.everySteps=2"), cut);
        Damage(Path.Combine(cut.CheckpointFolder(5), "optimizer.safetensors"));
        var log = new KeepingLog();

        Run(Document("checkpoint.everySteps=2"), cut, log);

        using (Assert.EnterMultipleScope())
        {
            AssertSame(cut, whole);
            Assert.That(Directory.Exists(cut.CheckpointFolder(5) + ".corrupt"));
            Assert.That(log.Warnings, Has.Count.EqualTo(1).And.One.Contains("optimizer.safetensors: does not match its checksum"));
            Assert.That(log.Informations, Has.One.Contains("Continuing at step 4"));
        }
    }

    [Test]
    public void Run_BeginsAgain_WhenEveryCheckpointIsDamaged()
    {
        var (whole, cut) = (At("a"), At("b"));
        Run(Document(), whole);
        RunUntil(5, Document(), cut);
        Damage(Path.Combine(cut.CheckpointFolder(5), "manifest.json"));

        Run(Document(), cut);

        AssertSame(cut, whole);
        Assert.That(Directory.Exists(cut.CheckpointFolder(5) + ".corrupt"));
    }

    [Test]
    public void Run_FailsClosed_WhenALogLostLines()
    {
        var directory = At("a");
        RunUntil(5, Document(), directory);
        File.WriteAllText(directory.GradientNormsFile, "");

        Assert.That(() => Run(Document(), directory), Throws.TypeOf<InvalidDataException>()
            .With.Message.Contains("gradient-norms.jsonl: is 0 bytes long").And.Message.Contains("--resume never"));
        Assert.That(Names(directory), Is.EqualTo(new[] { "step-0000000005" }), "it stays as it is");
    }

    [Test]
    public void Run_FailsClosed_WhenTheCheckpointIsOfAnotherConfiguration()
    {
        var (first, second) = (At("a"), At("b"));
        RunUntil(5, Document(), first);
        RunUntil(5, Document("seed=2"), second);
        Directory.Delete(second.CheckpointsFolder, recursive: true);
        Directory.Move(first.CheckpointsFolder, second.CheckpointsFolder);

        Assert.That(() => Run(Document("seed=2"), second), Throws.TypeOf<InvalidDataException>().With.Message.Contains("another configuration"));
    }

    [Test]
    public void Run_FailsClosed_WhenTheDataAreOthers()
    {
        var directory = At("a");
        RunUntil(5, Document(), directory);
        var found = new CheckpointStore(directory, 2).FindNewest(setAside: false, [])!;
        var state = found.ReadState() with { DatasetDigest = new string('0', 64) };
        var files = new (string, Action<Stream>)[]
        {
            (Checkpoint.ModelFile, stream => stream.Write(File.ReadAllBytes(found.PathOf(Checkpoint.ModelFile)))),
            (Checkpoint.OptimizerFile, stream => stream.Write(File.ReadAllBytes(found.PathOf(Checkpoint.OptimizerFile)))),
            (Checkpoint.StateFile, stream => System.Text.Json.JsonSerializer.Serialize(stream, state, RunJson.Indented)),
        };
        new CheckpointStore(directory, 2).Save(6, found.Manifest.ConfigHash, found.Manifest.Logs, files, isBest: false);

        Assert.That(() => Run(Document(), directory), Throws.TypeOf<InvalidDataException>().With.Message.Contains("was trained on other data"));
    }

    [Test]
    public void Run_BeginsAgain_WhenToldNeverToResume()
    {
        var (whole, cut) = (At("a"), At("b"));
        Run(Document(), whole);
        RunUntil(5, Document(), cut);

        Run(Document(), cut, options: OnCpu with { Resume = ResumeMode.Never });

        AssertSame(cut, whole);
        Assert.That(cut.ReadEnvironment()!.Resumes, Is.Null);
    }

    [Test]
    public void Run_Fails_WhenThereMustBeACheckpoint() => Assert.That(
        () => Run(Document(), At("a"), options: OnCpu with { Resume = ResumeMode.Must }),
        Throws.TypeOf<FileNotFoundException>().With.Message.Contains("holds no checkpoint to resume from"));

    [Test]
    public void Run_KeepsTheThreadsOfTheInterruptedRun_AndWarnsOfOthers()
    {
        var (kept, changed) = (At("a"), At("b"));
        foreach (var directory in (TrialDirectory[])[kept, changed])
            RunUntil(5, Document(), directory, OnCpu with { Threads = 2 });
        var (quiet, warned) = (new KeepingLog(), new KeepingLog());

        Run(Document(), kept, quiet);
        Run(Document(), changed, warned, OnCpu with { Threads = 1 });

        using (Assert.EnterMultipleScope())
        {
            Assert.That(quiet.Warnings, Is.Empty);
            Assert.That(kept.ReadEnvironment()!.Resumes![0].Threads, Is.EqualTo(2));
            Assert.That(warned.Warnings, Has.Count.EqualTo(1).And.One.Contains("1 threads instead of 2"));
        }
    }

    [Test]
    public void Run_NeedsNoWeightsToStartFrom_WhenItContinues()
    {
        var (trained, cut) = (At("a"), At("b"));
        Run(Document("training.epochs=0"), trained);
        var weights = At("weights.safetensors").Root;
        File.Copy(Path.Combine(trained.CheckpointFolder(0), Checkpoint.ModelFile), weights);
        RunUntil(5, Document($"initialization.weights={weights}"), cut);
        File.Delete(weights);

        Assert.That(Run(Document($"initialization.weights={weights}"), cut).State, Is.EqualTo(TrialState.Completed));
    }

    [Test]
    public void Run_EndsAtOnce_WhenAnotherWorkerHasTakenTheTrialOver()
    {
        var directory = At("a");
        var fence = At("claim").Root;
        var atTheFence = "";

        void TakeOver(int step)
        {
            if (step != 5) return;
            atTheFence = File.ReadAllText(directory.MetricsFile);
            File.WriteAllText(fence, "");
        }

        // Every step takes longer than the fence is trusted.
        var clock = new SteppingClock();
        var steps = 0;
        var services = new TrialServices(Logger.None, clock, _ => new EveryStep(() =>
        {
            clock.Advance(TimeSpan.FromSeconds(2));
            TakeOver(++steps);
        }));

        Assert.That(
            () => TrialRunner.Run(Document("record.metricsEverySteps=1"), directory, OnCpu with { Fence = fence }, services, CancellationToken.None),
            Throws.TypeOf<RunTakenOverException>());
        using (Assert.EnterMultipleScope())
        {
            Assert.That(steps, Is.EqualTo(5));
            Assert.That(File.ReadAllText(directory.MetricsFile), Is.EqualTo(atTheFence));
            Assert.That(directory.IsEnded, Is.False);
            Assert.That(() => Run(Document("record.metricsEverySteps=1"), directory, options: OnCpu with { Fence = fence }), Throws.TypeOf<RunTakenOverException>(), "nor is it begun");
        }
    }

    private static TrialSummary Run(TrainDocument document, TrialDirectory directory, KeepingLog? log = null, TrialOptions? options = null) => TrialRunner.Run(
        document, directory, options ?? OnCpu,
        new TrialServices(log is null ? Logger.None : new LoggerConfiguration().WriteTo.Sink(log).CreateLogger(), TimeProvider.System), CancellationToken.None);

    private static TrialSummary RunUntil(int step, TrainDocument document, TrialDirectory directory, TrialOptions? options = null)
    {
        using var source = new CancellationTokenSource();
        return TrialRunner.Run(document, directory, options ?? OnCpu, Services(shape =>
        {
            var made = shape.StepsDone;
            return new EveryStep(() =>
            {
                if (++made == step) source.Cancel();
            });
        }), source.Token);
    }

    internal static void AssertSame(TrialDirectory actual, TrialDirectory expected)
    {
        Assert.That(WithoutClock(actual), Is.EqualTo(WithoutClock(expected)));
        Assert.That(File.ReadAllBytes(actual.GradientNormsFile), Is.EqualTo(File.ReadAllBytes(expected.GradientNormsFile)));
        Assert.That(File.ReadAllBytes(actual.ActivationsFile), Is.EqualTo(File.ReadAllBytes(expected.ActivationsFile)));
        foreach (var file in (string[])[Checkpoint.ModelFile, Checkpoint.OptimizerFile])
            Assert.That(File.ReadAllBytes(Latest(actual).PathOf(file)), Is.EqualTo(File.ReadAllBytes(Latest(expected).PathOf(file))), file);
        Assert.That(Untimed(actual.ReadSummary()!), Is.EqualTo(Untimed(expected.ReadSummary()!)));
    }

    private static Checkpoint Latest(TrialDirectory directory) => new CheckpointStore(directory, 2).FindNewest(setAside: false, [])!;

    private static IReadOnlyList<string> Names(TrialDirectory directory) => new CheckpointStore(directory, 2).List();

    private static TrialSummary Untimed(TrialSummary summary) => summary with { ElapsedSeconds = 0, ImagesPerSecond = null, PeakMemoryBytes = null, WaitedShare = null };

    private static void Damage(string file)
    {
        var bytes = File.ReadAllBytes(file);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(file, bytes);
    }

    private sealed class EveryStep(Action act) : TrainingObserver
    {
        public override void OnStep(StepReport report) => act();
    }

    private sealed class SteppingClock : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks;

        public void Advance(TimeSpan time) => _ticks += time.Ticks;
    }
}
