using FixupNet.Runs.Checkpoints;
using FixupNet.Runs.Json;
using FixupNet.Runs.Records;

namespace FixupNet.Runs.Tests.Checkpoints;

internal sealed class CheckpointStateTests : TemporaryFolderTests
{
    private static readonly CheckpointState s_state = new(
        new TrainingPosition(1, 2, 3, 4, 5), new MetricsProgress(6, 7, 10, 11), new SummaryProgress(14, 15, 16, 17, 18, 19),
        new ArithmeticSetting(2, new StepPlan(16, DepthFirst: new DepthFirstPlan(2, 1)), "machine", [new(3, 16, 32, 32, "forward", "tiled")]), "00ff");

    private static IEnumerable<TestCaseData> Impossible()
    {
        yield return Named("epoch", state => state with { Position = state.Position with { Epoch = -1 } }, "position.epoch is -1; must be in [0, 1000000]");
        yield return Named("epoch too large", state => state with { Position = state.Position with { Epoch = 1_000_001 } }, "position.epoch is 1000001");
        yield return Named("batch", state => state with { Position = state.Position with { Batch = -1 } }, "position.batch is -1");
        yield return Named("updates", state => state with { Position = state.Position with { Updates = -1 } }, "position.updates is -1");
        yield return Named("no time", state => state with { Position = state.Position with { StepSeconds = double.NaN } }, "position.stepSeconds is NaN; must be in [0, 10000000000]");
        yield return Named("time", state => state with { Position = state.Position with { ElapsedSeconds = 1e300 } }, "position.elapsedSeconds is 1E+300");
        yield return Named("time before the beginning", state => state with { Position = state.Position with { ElapsedSeconds = -1 } }, "position.elapsedSeconds is -1");
        yield return Named("line", state => state with { Metrics = state.Metrics with { NextSeq = -1 } }, "metrics.nextSeq is -1");
        yield return Named("steps", state => state with { Metrics = state.Metrics with { Steps = -1 } }, "metrics.steps is -1");
        yield return Named("examples", state => state with { Metrics = state.Metrics with { Examples = -1 } }, "metrics.examples is -1");
        yield return Named("time of a line", state => state with { Metrics = state.Metrics with { LinesUntilSeconds = double.PositiveInfinity } }, "metrics.linesUntilSeconds is Infinity");
        yield return Named("examples of the epoch", state => state with { Summary = state.Summary with { Examples = -1 } }, "summary.examples is -1");
        yield return Named("all examples", state => state with { Summary = state.Summary with { AllExamples = -1 } }, "summary.allExamples is -1");
        yield return Named("memory", state => state with { Summary = state.Summary with { PeakMemoryBytes = -1 } }, "summary.peakMemoryBytes is -1");
        yield return Named("time waited", state => state with { Summary = state.Summary with { WaitedSeconds = -1 } }, "summary.waitedSeconds is -1");
        yield return Named("no threads", state => state with { Arithmetic = state.Arithmetic with { Threads = 0 } }, "arithmetic.threads is 0; must be in [1, 4096]");
        yield return Named("threads", state => state with { Arithmetic = state.Arithmetic with { Threads = 4097 } }, "arithmetic.threads is 4097");
        yield return Named("no images", state => WithPlan(state, plan => plan with { MicroBatchSize = 0 }), "arithmetic.plan.microBatchSize is 0");
        yield return Named("workers", state => WithEngine(state, engine => engine with { Workers = 0 }), "arithmetic.plan.depthFirst.workers is 0");
        yield return Named("sums", state => WithEngine(state, engine => engine with { GradientSums = 0 }), "arithmetic.plan.depthFirst.gradientSums is 0");
        yield return Named("blocks", state => WithEngine(state, engine => engine with { RecomputedBlocks = -1 }), "arithmetic.plan.depthFirst.recomputedBlocks is -1");
        yield return Named("segment", state => WithEngine(state, engine => engine with { SegmentLength = 0 }), "arithmetic.plan.depthFirst.segmentLength is 0");
        yield return Named("null", state => state with { Arithmetic = state.Arithmetic with { Convolutions = [null!] } }, "arithmetic.convolutions holds null");

        static TestCaseData Named(string name, Func<CheckpointState, CheckpointState> change, string message) => new TestCaseData(change, message).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(Impossible))]
    public void ReadState_Throws_WhenANumberIsImpossible(Func<CheckpointState, CheckpointState> change, string message)
    {
        RunJson.WriteFile(At(Checkpoint.StateFile), change(s_state));

        Assert.That(() => Of(Folder).ReadState(), Throws.TypeOf<InvalidDataException>().With.Message.StartsWith($"{At(Checkpoint.StateFile)}: {message}"));
    }

    [Test]
    public void ReadState_GivesWhatWasWritten()
    {
        RunJson.WriteFile(At(Checkpoint.StateFile), s_state with { Arithmetic = s_state.Arithmetic with { Convolutions = null } });

        Assert.That(Of(Folder).ReadState(), Is.EqualTo(s_state with { Arithmetic = s_state.Arithmetic with { Convolutions = null } }));
    }

    private static Checkpoint Of(string folder) => new(folder, new CheckpointManifest(1, 0, "", [], []));

    private static CheckpointState WithPlan(CheckpointState state, Func<StepPlan, StepPlan> change) =>
        state with { Arithmetic = state.Arithmetic with { Plan = change(state.Arithmetic.Plan) } };

    private static CheckpointState WithEngine(CheckpointState state, Func<DepthFirstPlan, DepthFirstPlan> change) =>
        WithPlan(state, plan => plan with { DepthFirst = change(plan.DepthFirst!) });

    [TestCase(2, 3, 17, true)]
    [TestCase(1, 3, 17, false)]
    [TestCase(2, 4, 17, false)]
    [TestCase(2, 3, 18, false)]
    public void IsSamePoint_LeavesOutTheTimes(int epoch, int batch, long updates, bool expected)
    {
        var position = new TrainingPosition(2, 3, 17, StepSeconds: 1.5, ElapsedSeconds: 2);

        Assert.That(position.IsSamePoint(new TrainingPosition(epoch, batch, updates, StepSeconds: 9, ElapsedSeconds: 10)), Is.EqualTo(expected));
    }
}
