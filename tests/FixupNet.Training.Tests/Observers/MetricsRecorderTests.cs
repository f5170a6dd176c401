using FixupNet.Runs.Json;
using FixupNet.Runs.Metrics;
using FixupNet.Runs.Records;
using FixupNet.Training.Observers;
using FixupNet.Training.Tasks;
using FixupNet.Training.Tests.Data;

namespace FixupNet.Training.Tests.Observers;

public sealed class MetricsRecorderTests
{
    private TempFolder _folder = null!;

    [SetUp]
    public void CreateFolder() => _folder = new TempFolder();

    [TearDown]
    public void DeleteFolder() => _folder.Dispose();

    [Test]
    public void OnStep_WritesTheMeanOverExamples()
    {
        var lines = Record(everySteps: 2, stepsPerEpoch: 100,
            Step(1, Some.Result(loss: 1, correct: 3, count: 6, norm: 5), seconds: 1),
            Step(2, Some.Result(loss: 4, correct: 1.5, count: 3, norm: 7), seconds: 3));

        var line = lines.Single();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(line with { PeakMemoryBytes = null }, Is.EqualTo(new MetricsLine(0, 2, 0.2, MetricsSplit.Train, new MetricValues(("loss", 2), ("accuracy", 0.5)), GradientNorm: 7, LearningRate: 0.1 * 0.5, ImagesPerSecond: 3, AveragedSteps: 2)));
            Assert.That(line.PeakMemoryBytes, Is.Positive);
        }
    }

    [Test]
    public void OnStep_StartsAnew_AfterEachLine()
    {
        var lines = Record(everySteps: 1, stepsPerEpoch: 100,
            Step(0, Some.Result(loss: 1, correct: 2, count: 2), seconds: 1), Step(1, Some.Result(loss: 3, correct: 0, count: 2), seconds: 5));

        Assert.That(
            lines.Select(line => (line.Seq, line.Step, line.Values.Loss, line.Values["accuracy"], line.ImagesPerSecond)),
            Is.EqualTo(new (long, long, double, double, double?)[] { (0, 0, 1, 1, 2), (1, 1, 3, 0, 0.5) }));
    }

    [Test]
    public void OnStep_WritesEveryFewSteps_AndAtTheLastOfAnEpoch()
    {
        var lines = Record(everySteps: 2, stepsPerEpoch: 3, [.. Enumerable.Range(0, 7).Select(i => Step(i, Some.Result()))]);

        Assert.That(lines.Select(line => (line.Step, line.AveragedSteps)), Is.EqualTo(new (long, int?)[] { (0, 1), (2, 2), (4, 2), (5, 1), (6, 1) }));
    }

    [Test]
    public void OnStep_WritesAtOnce_WhenTheStepFailed()
    {
        var lines = Record(everySteps: 10, stepsPerEpoch: 100,
            Step(0, Some.Result()), Step(1, Some.Result(loss: double.NaN, norm: double.PositiveInfinity, failure: new NonFiniteValue("loss", "x"))));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(lines.Select(line => line.Step), Is.EqualTo(new[] { 0, 1 }));
            Assert.That(lines[1].Values.Loss, Is.NaN);
            Assert.That(lines[1].GradientNorm, Is.EqualTo(double.PositiveInfinity));
        }
    }

    [Test]
    public void OnStep_LeavesOutTheRate_WhenNoTimePassed() =>
        Assert.That(Record(everySteps: 1, stepsPerEpoch: 100, Step(0, Some.Result())).Single().ImagesPerSecond, Is.Null);

    [Test]
    public void OnEvaluated_WritesATestLineInTheSameSequence()
    {
        var path = _folder.File("metrics.jsonl");
        using (var recorder = new MetricsRecorder(path, new MetricsOptions(1, 0.1, 1)))
        {
            recorder.OnStep(Step(0, Some.Result()));
            recorder.OnEvaluated(new EvaluationReport(1, 1, new Evaluation(new MetricValues(("loss", 0.25), ("accuracy", 0.75)), 4)));
            recorder.OnStep(Step(1, Some.Result()));
        }

        var lines = JsonLinesReader.ReadAll<MetricsLine>(path).ToArray();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(lines.Select(line => line.Seq), Is.EqualTo(new[] { 0, 1, 2 }));
            Assert.That(lines[1], Is.EqualTo(new MetricsLine(1, 1, 1, MetricsSplit.Test, new MetricValues(("loss", 0.25), ("accuracy", 0.75)))));
        }
    }

    [Test]
    public void EveryLine_TellsTheTimeSpentOnTheRun()
    {
        var path = _folder.File("metrics.jsonl");
        var seconds = 4.0;
        using (var recorder = new MetricsRecorder(path, new MetricsOptions(1, 0.1, 1, () => seconds++)))
        {
            recorder.OnStep(Step(0, Some.Result()));
            recorder.OnEvaluated(new EvaluationReport(1, 1, new Evaluation(new MetricValues(("loss", 0.25), ("accuracy", 0.75)), 4)));
        }

        Assert.That(JsonLinesReader.ReadAll<MetricsLine>(path).Select(line => line.ElapsedSeconds), Is.EqualTo(new[] { 4.0, 5.0 }));
    }

    private MetricsLine[] Record(int everySteps, int stepsPerEpoch, params StepReport[] reports)
    {
        var path = _folder.File("metrics.jsonl");
        using (var recorder = new MetricsRecorder(path, new MetricsOptions(everySteps, LearningRate: 0.1, stepsPerEpoch)))
        {
            foreach (var report in reports) recorder.OnStep(report);
        }
        return [.. JsonLinesReader.ReadAll<MetricsLine>(path)];
    }

    private static StepReport Step(int updatesMade, StepResult result, double seconds = 0) =>
        new(updatesMade, updatesMade / 10.0, (updatesMade + 1) / 10.0, result, LearningRateFactor: 0.5, TimeSpan.FromSeconds(seconds));
}
