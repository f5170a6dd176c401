using System.Text.Json;
using FixupNet.Cli.Display;
using FixupNet.Runs;
using FixupNet.Runs.Json;
using FixupNet.Runs.Metrics;
using FixupNet.Runs.Records;

namespace FixupNet.Cli.Tests.Display;

/// <summary>What a sweep that runs says of itself.</summary>
public sealed class SweepProgressTests
{
    private SweepDirectory _sweep = null!;
    private IReadOnlyList<PlanLine> _plan = [];

    // A trial of 20 layers, one of 60: a quarter of the work, and three.
    [SetUp]
    public void CreateSweep()
    {
        _sweep = new SweepDirectory(Directory.CreateTempSubdirectory("fixupnet-").FullName);
        _plan = [.. new[] { 20, 60 }.Select((depth, index) => new PlanLine(index, $"depth={depth}", $"000{index}-t", 1, new Dictionary<string, JsonElement>()))];
        foreach (var (line, depth) in _plan.Zip(new[] { 20, 60 }))
        {
            Directory.CreateDirectory(Trial(line.Index).Root);
            File.WriteAllText(Trial(line.Index).ConfigFile, $$"""{ "model": { "depth": {{depth}} }, "training": { "epochs": 4 } }""");
        }
    }

    [TearDown]
    public void DeleteSweep() => Directory.Delete(_sweep.Root, recursive: true);

    [Test]
    public void Read_TellsNoTimeLeft_BeforeAnythingWasDone() =>
        Assert.That(new SweepProgress(_sweep, _plan, new SetClock()).Read([]).Text, Is.EqualTo("0/2 trials done"));

    [Test]
    public void Read_TellsTrialsDoneAndTheTimeLeft_ByTheWorkOfEach()
    {
        var clock = new SetClock();
        var progress = new SweepProgress(_sweep, _plan, clock);
        progress.Read([_plan[0]]);
        Trial(0).WriteSummary(new TrialSummary(TrialState.Completed, 3, 4, 30));
        clock.Seconds = 30;

        var (text, share, _) = progress.Read([_plan[1]]);

        Assert.That((text, share), Is.EqualTo(("1/2 trials done, 90.0 s left", 0.25)));
    }

    // What was complete before took none of this process's time.
    [Test]
    public void Read_CountsOnlyWhatWasDoneSinceTheStart()
    {
        Trial(0).WriteSummary(new TrialSummary(TrialState.Completed, 3, 4, 30));
        var clock = new SetClock();
        var progress = new SweepProgress(_sweep, _plan, clock);
        progress.Read([]);
        Trial(1).WriteStatus(new TrialStatus(TrialState.Running, 3, 2, DateTimeOffset.UnixEpoch));
        clock.Seconds = 50;

        Assert.That(progress.Read([_plan[1]]).Text, Is.EqualTo("1/2 trials done, 50.0 s left"));
    }

    [Test]
    public void Read_ShowsEachTrialThatRuns_WithItsLoss()
    {
        using (var metrics = new JsonLinesWriter(Trial(1).MetricsFile)) metrics.Write(new MetricsLine(0, 10, 1, MetricsSplit.Train, new MetricValues(("loss", 1.2345), ("accuracy", 0.5))));

        var running = new SweepProgress(_sweep, _plan, new SetClock()).Read([_plan[1], _plan[0]]).Running;

        Assert.That(running.Select(trial => $"{trial.Line.Name} {trial} {trial.Share}"), Is.EqualTo(new[] { "depth=20 epoch 0.00/4 0", "depth=60 epoch 1.00/4  loss 1.234 0.25" }));
    }

    // Training is over, and what is shown is the study at work; the trial is not done until it has answered.
    [Test]
    public void Read_ShowsTheStudyAtWork()
    {
        RunJson.WriteFile(_sweep.StudiesFile, new StudyRequests([Request("hessian"), Request("pruning")]));
        Trial(0).WriteSummary(new TrialSummary(TrialState.Completed, 3, 4, 30));
        Directory.CreateDirectory(Trial(0).StudyWorkFolder("pruning"));
        var progress = new SweepProgress(_sweep, _plan, new SetClock());

        var looking = progress.Read([_plan[0]]);
        Directory.CreateDirectory(Path.Combine(Trial(0).StudyWorkFolder("pruning"), "level-1"));
        var training = progress.Read([_plan[0]]);
        var ended = progress.Read([]);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((looking.Text, looking.Share, looking.Running.Single().ToString()), Is.EqualTo(("0/2 trials done", 0.0, "study pruning (2 of 2)")));
            Assert.That(training.Running.Single().ToString(), Is.EqualTo("study pruning (2 of 2), training 1: level-1"));
            Assert.That((ended.Text, ended.Share), Is.EqualTo(("1/2 trials done, 0.0 s left", 0.25)));
        }

        static StudyRequest Request(string name) => new(name, JsonElement.Parse("{}"));
    }

    // No display is a reason to end a sweep.
    [Test]
    public void Read_GoesOn_WhereRecordsAreDamaged()
    {
        File.WriteAllText(Trial(0).StatusFile, "{");
        File.WriteAllText(Trial(0).ConfigFile, "[");

        Assert.That(new SweepProgress(_sweep, _plan, new SetClock()).Read([_plan[0]]).Running.Single().Share, Is.Zero);
    }

    private TrialDirectory Trial(int index) => _sweep.Trial(_plan[index]);

    private sealed class SetClock : TimeProvider
    {
        public double Seconds { get; set; }

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => (long)(Seconds * 1000);
    }
}
