using FixupNet.Experiments.Sweeps;
using FixupNet.Experiments.Trials;
using FixupNet.Runs.Records;

namespace FixupNet.Experiments.Tests.Sweeps;

internal sealed class SweepEstimatorTests : SweepFixture
{
    private const string Fixup = """
        { "name": "s", "base": { "dataset": { "name": "synthetic-shapes" }, "training": { "epochs": 3, "engine": "eager" } }, "grid": { "model.depth": [8, 20, 1202] }, "seeds": [1, 2] }
        """;

    [Test]
    public void Estimate_ExtrapolatesLinearlyInDepth()
    {
        var estimate = Estimate(Fixup, new LinearMeasurer());

        // Three epochs of 10 steps at depth/100 s, three evaluations of 100 images at depth/10,000 s, a start of 0.5 s.
        double[] expected = [.. new[] { 8, 8, 20, 20, 1202, 1202 }.Select(depth => 0.5 + 30 * depth / 100.0 + 300 * depth / 10_000.0)];
        using (Assert.EnterMultipleScope())
        {
            Assert.That(estimate.Trials.Select(trial => trial.Seconds), Is.EqualTo(expected).Within(1e-9));
            Assert.That(estimate.TotalSeconds, Is.EqualTo(expected.Sum()).Within(1e-9));
            Assert.That(estimate.Trials.Select(trial => trial.PeakMemoryBytes), Is.Ordered);
            Assert.That(estimate.Trials[5].PeakMemoryBytes, Is.GreaterThan(20 * estimate.Trials[0].PeakMemoryBytes!.Value));
        }
    }

    [Test]
    public void Estimate_MeasuresEachShapeAtTwoSmallDepths()
    {
        var measurer = new LinearMeasurer();

        Estimate(Fixup, measurer);

        Assert.That(measurer.Depths, Is.EqualTo(new[] { 8, 56 }));
    }

    [Test]
    public void Estimate_MeasuresTheDepthItself_WhenItIsSmall()
    {
        var measurer = new LinearMeasurer();

        Estimate(Fixup, measurer, "model.depth=26");

        Assert.That(measurer.Depths, Is.EqualTo(new[] { 20, 26 }));
    }

    [Test]
    public void Estimate_MeasuresVariantsApart()
    {
        var measurer = new LinearMeasurer();

        Estimate(Fixup, measurer, "model.variant=fixup,batchnorm", "model.depth=8");

        Assert.That(measurer.Depths, Is.EqualTo(new[] { 8, 8 }));
    }

    [Test]
    public void Estimate_SharesTheTimeBetweenJobs()
    {
        var estimate = Estimate(Fixup, new LinearMeasurer(), jobs: 2);

        Assert.That(estimate.TotalSeconds, Is.EqualTo(estimate.Trials.Sum(trial => trial.Seconds) / 2).Within(1e-9)); // two of each length
    }

    [Test]
    public void Estimate_PlansForTheMemoryThereIs()
    {
        var estimate = Estimate(Fixup, new LinearMeasurer(), freeBytes: 4_000_000_000);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(estimate.Trials[0].Plan!.MicroBatchSize, Is.EqualTo(128));
            Assert.That(estimate.Trials[5].Plan!.MicroBatchSize, Is.LessThan(128));
            Assert.That(estimate.Trials[5].PeakMemoryBytes, Is.LessThan(4_000_000_000));
        }
    }

    [Test]
    public void Estimate_NamesTheProblem_OfATrialThatDoesNotFit()
    {
        var estimate = Estimate(Fixup, new LinearMeasurer(), "model.variant=batchnorm", "model.depth=8,998", "training.memoryBudget=600MB");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(estimate.Trials[0].Problem, Is.Null);
            Assert.That(estimate.Trials[^1], Has.Property("Seconds").Null.And.Property("Problem").Contains("needs at least"));
            Assert.That(estimate.TotalSeconds, Is.EqualTo(estimate.Trials.Sum(trial => trial.Seconds ?? 0)).Within(1e-9));
        }
    }

    private SweepEstimate Estimate(string json, IStepMeasurer measurer, params string[] overrides) => Estimate(json, measurer, overrides, 1);

    private SweepEstimate Estimate(string json, IStepMeasurer measurer, int jobs) => Estimate(json, measurer, [], jobs);

    private SweepEstimate Estimate(string json, IStepMeasurer measurer, long freeBytes) => Estimate(json, measurer, [], 1, freeBytes);

    private SweepEstimate Estimate(string json, IStepMeasurer measurer, string[] overrides, int jobs, long freeBytes = 1L << 45)
    {
        var plan = SweepPlan.Load(Folder.Write("s.json", json), overrides, ProductRegistries.All);
        return new SweepEstimator(measurer, threads: null, freeBytes).Estimate(plan.Trials, jobs);
    }

    /// <summary>A machine on which everything takes time in proportion to depth.</summary>
    private sealed class LinearMeasurer : IStepMeasurer
    {
        public List<int> Depths { get; } = [];

        public (StepMeasurement Measurement, double StartSeconds) Measure(
            string configJson, IReadOnlyList<string> overrides, StepPlan? plan, int? threads)
        {
            var depth = int.Parse(overrides.Single(text => text.StartsWith("model.depth=", StringComparison.Ordinal))[12..]);
            if (plan is null or { MicroBatchSize: 128, Recompute: false }) Depths.Add(depth);
            return (new StepMeasurement(plan ?? new StepPlan(128), depth / 100.0, depth / 10_000.0, 1, 10, 100, 10, 200_000_000, 0), 0.5);
        }
    }
}
