using FixupNet.Diagnostics;
using FixupNet.Runs.Metrics;
using FixupNet.Runs.Records;
using FixupNet.Training.Observers;
using FixupNet.Training.Tasks;

namespace FixupNet.Training.Tests.Observers;

public sealed class SummaryCollectorTests
{
    private static readonly TrainingOutcome s_completed = new(TrialState.Completed, 6, 2);

    [Test]
    public void Summarize_AveragesTheLastEpochOverExamples()
    {
        var summary = Collect(
            Some.Result(loss: 100, correct: 0), Some.Result(loss: 100, correct: 0),
            Some.Result(loss: 1, correct: 3, count: 6), Some.Result(loss: 4, correct: 1.5, count: 3));

        Assert.That(summary.Train, Is.EqualTo(new MetricValues(("loss", 2), ("accuracy", 0.5))));
    }

    [Test]
    public void Summarize_TakesTheEpochBegun_WhenTheRunEndedWithinIt()
    {
        var summary = Collect(Some.Result(loss: 100), Some.Result(loss: 100), Some.Result(loss: 1, correct: 1, count: 2));

        Assert.That(summary.Train, Is.EqualTo(new MetricValues(("loss", 1), ("accuracy", 0.5))));
    }

    [Test]
    public void Summarize_TakesTheLastTestAndTheFirstBest()
    {
        using var collector = new SummaryCollector(["first", "last"], 2);
        double[] accuracies = [0.5, 0.7, 0.7, 0.6];
        for (var i = 0; i < accuracies.Length; i++) collector.OnEvaluated(new EvaluationReport(2 * i, i, new Evaluation(new MetricValues(("loss", i), ("accuracy", accuracies[i])), 10)));

        var summary = collector.Summarize(s_completed, TimeSpan.FromSeconds(9), parameterCount: 11);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(summary.Test, Is.EqualTo(new MetricValues(("loss", 3), ("accuracy", 0.6))));
            Assert.That(summary.Best, Is.EqualTo(new BestResult(Epoch: 1, Step: 2, "accuracy", 0.7)));
        }
    }

    [Test]
    public void Summarize_DoesNotCallATestBest_WhenItsLossIsNotFinite()
    {
        using var collector = new SummaryCollector(["first", "last"], 2);
        collector.OnEvaluated(new EvaluationReport(2, 1, new Evaluation(new MetricValues(("loss", 1), ("accuracy", 0.1)), 10)));
        collector.OnEvaluated(new EvaluationReport(4, 2, new Evaluation(new MetricValues(("loss", double.NaN), ("accuracy", 0.9)), 10)));

        var summary = collector.Summarize(s_completed, TimeSpan.Zero, 11);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(summary.Best?.Value, Is.EqualTo(0.1));
            Assert.That(summary.Test?.Loss, Is.NaN);
        }
    }

    [Test]
    public void Summarize_TakesTheLastNormsOfTheLayersAndTheLargestTotal()
    {
        var summary = Collect(Some.Result(norm: 2), Some.Result(norm: 8), Some.Result(norm: 4));

        Assert.That(summary.GradientNorms, Is.EqualTo(new GradientNormsSummary("first", 2, "last", 1, 8)));
    }

    [Test]
    public void Summarize_KeepsTheLargestNorm_WhenTheLastIsNaN()
    {
        var failed = new StepResult(1, [], 2, new GradientNormReading(double.NaN, [double.NaN, 1]), new NonFiniteValue("first", "x"));

        var summary = Collect(Some.Result(norm: 2), failed);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(summary.GradientNorms!.MaxTotalNorm, Is.EqualTo(2));
            Assert.That(summary.GradientNorms.FirstLayerNorm, Is.NaN);
            Assert.That(summary.GradientNorms.LastLayerNorm, Is.EqualTo(1));
        }
    }

    [Test]
    public void Summarize_FindsTheLargestNorm_AfterANaN()
    {
        var summary = Collect(Some.Result(norm: double.NaN), Some.Result(norm: 2));

        Assert.That(summary.GradientNorms!.MaxTotalNorm, Is.EqualTo(2));
    }

    [Test]
    public void Summarize_HasNoLargestNorm_WhereNoneWasFinite()
    {
        var summary = Collect(Some.Result(norm: double.NaN), Some.Result(norm: double.PositiveInfinity));

        Assert.That(summary.GradientNorms!.MaxTotalNorm, Is.NaN);
    }

    [Test]
    public void Summarize_NamesTheStepFromWhichOnlyTheLastLayerHasAGradient()
    {
        // 0 before it ever lived, alive, 0 and alive again, then dead.
        var summary = Collect(Norms(0, 1), Norms(1, 1), Norms(0, 1), Norms(1e-30, 1), Norms(0, 1), Norms(0, 0));

        Assert.That(summary.GradientNorms!.DeadSinceStep, Is.EqualTo(4));
    }

    [Test]
    public void Summarize_FindsADeadNetwork_AcrossACheckpoint()
    {
        using var before = new SummaryCollector(["first", "last"], 2);
        before.OnStep(new StepReport(0, 0, 0.5, Norms(1, 1), 1, TimeSpan.FromSeconds(1)));
        using var after = new SummaryCollector(["first", "last"], 2, before.Progress, TimeSpan.FromSeconds(1));
        after.OnStep(new StepReport(1, 0.5, 1, Norms(0, 1), 1, TimeSpan.FromSeconds(2)));

        var summary = after.Summarize(s_completed with { Steps = 2 }, TimeSpan.FromSeconds(9), parameterCount: 11);

        Assert.That(summary.GradientNorms!.DeadSinceStep, Is.EqualTo(1));
    }

    [Test]
    public void Summarize_CallsANetworkThatHasNotLivedYetNotDead()
    {
        var summary = Collect(Norms(0, 1), Norms(0, 1));

        Assert.That(summary.GradientNorms!.DeadSinceStep, Is.Null);
    }

    [Test]
    public void Summarize_CarriesTheOutcomeAndTheSpeed()
    {
        var outcome = new TrainingOutcome(TrialState.Diverged, 3, 1.5, new DivergenceRecord(3, "x", "layer"));
        using var collector = new SummaryCollector(["first", "last"], 2);
        collector.OnStep(new StepReport(0, 0, 0.5, Some.Result(count: 2), 1, TimeSpan.FromSeconds(2)));
        collector.OnStep(new StepReport(1, 0.5, 1.0, Some.Result(count: 4), 1, TimeSpan.FromSeconds(3)));

        var summary = collector.Summarize(outcome, TimeSpan.FromSeconds(9), parameterCount: 11);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((summary.State, summary.Steps, summary.Epochs, summary.Divergence), Is.EqualTo((outcome.State, 3L, 1.5, outcome.Divergence)));
            Assert.That((summary.ElapsedSeconds, summary.ImagesPerSecond, summary.ParameterCount), Is.EqualTo((9.0, 2.0, 11L)));
            Assert.That(summary.PeakMemoryBytes, Is.Positive);
        }
    }

    // 1 s of 4 in the first process, 2 s of 2 in the second.
    [Test]
    public void Summarize_TellsTheShareOfTimeThatStepsWaited_OverAllProcesses()
    {
        using var before = new SummaryCollector(["first", "last"], 2) { Waited = () => TimeSpan.FromSeconds(1) };
        before.OnStep(new StepReport(0, 0, 0.5, Norms(1, 1), 1, TimeSpan.FromSeconds(4)));
        using var after = new SummaryCollector(["first", "last"], 2, before.Progress, TimeSpan.FromSeconds(4)) { Waited = () => TimeSpan.FromSeconds(2) };
        after.OnStep(new StepReport(1, 0.5, 1, Norms(1, 1), 1, TimeSpan.FromSeconds(6)));

        var summary = after.Summarize(s_completed with { Steps = 2 }, TimeSpan.FromSeconds(9), parameterCount: 11);

        Assert.That(summary.WaitedShare, Is.EqualTo(0.5));
    }

    [Test]
    public void Summarize_LeavesOutWhatDidNotHappen()
    {
        var summary = Collect();

        using (Assert.EnterMultipleScope())
        {
            Assert.That((summary.Train, summary.Test, summary.Best), Is.EqualTo(((MetricValues?)null, (MetricValues?)null, (BestResult?)null)));
            Assert.That(summary.GradientNorms, Is.Null);
            Assert.That((summary.ImagesPerSecond, summary.WaitedShare), Is.EqualTo(((double?)null, (double?)null)));
        }
    }

    // Two steps an epoch.
    private static TrialSummary Collect(params StepResult[] results)
    {
        using var collector = new SummaryCollector(["first", "last"], stepsPerEpoch: 2);
        for (var i = 0; i < results.Length; i++) collector.OnStep(new StepReport(i, i / 2.0, (i + 1) / 2.0, results[i], 1, TimeSpan.FromSeconds(i + 1)));
        return collector.Summarize(s_completed with { Steps = results.Length }, TimeSpan.FromSeconds(9), parameterCount: 11);
    }

    private static StepResult Norms(double first, double last) => Some.Result() with { Norms = new GradientNormReading(first + last, [first, last]) };
}
