using FixupNet.Architectures;
using FixupNet.Experiments.Configuration.Nodes;
using FixupNet.Experiments.Trials;
using FixupNet.Runs.Records;
using FixupNet.Training;
using static TorchSharp.torch;

namespace FixupNet.Experiments.Tests.Trials;

internal sealed class StepPlannerTests : TrialFixture
{
    private const long Resident = 100_000_000;

    // What the planner predicts decides what the budgets below are made of.
    private StepPlan _whole = null!;
    private StepPlan _half = null!;
    private StepPlan _recomputed = null!;

    [Test]
    public void Choose_ChangesNothing_WhenAllFits()
    {
        var plan = Planner("fixup").Choose();

        Assert.That((plan.MicroBatchSize, plan.Recompute, plan.Reason), Is.EqualTo((32, false, plan.Reason)));
        Assert.That(plan.Reason, Does.StartWith("the whole batch of 32 fits: about ").And.Contain("80 % of what is free"));
    }

    [Test]
    public void Choose_CutsTheBatch_OnlyAsFarAsNeeded()
    {
        Predict("fixup");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Choice("fixup", _whole.PredictedBytes), Is.EqualTo((32, false)));
            Assert.That(Choice("fixup", _whole.PredictedBytes - 1), Is.EqualTo((16, false)));
            Assert.That(Choice("fixup", _half.PredictedBytes - 1), Is.EqualTo((8, false)));
        }
    }

    // Below 8 images a part, computing activations again costs less time; of many layers it saves so much that the whole batch fits.
    [Test]
    public void Choose_Recomputes_WhenTheSmallestPartDoesNotFit()
    {
        const long Image = 10_000_000;
        var config = Document(["model.variant=fixup", $"training.memoryBudget={(10 * 8 * Image) - 1 + Resident}B"]).Config;

        var plan = new StepPlanner(config, (images, recompute) => images * (recompute ? Image : 10 * Image), needsWholeBatch: false, cudaGraph: false, new MemoryNow(Resident, 1L << 40)).Choose();

        Assert.That((plan.MicroBatchSize, plan.Recompute), Is.EqualTo((32, true)));
    }

    [Test]
    public void Choose_NeverCutsTheBatch_OfBatchNormalization()
    {
        Predict("batchnorm");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Choice("batchnorm", _whole.PredictedBytes), Is.EqualTo((32, false)));
            Assert.That(Choice("batchnorm", _whole.PredictedBytes - 1), Is.EqualTo((32, true)));
            Assert.That(() => Choice("batchnorm", _recomputed.PredictedBytes - 1), Throws.TypeOf<ConfigException>());
        }
    }

    [Test]
    public void Choose_KeepsAMicroBatchSizeThatWasAskedFor()
    {
        Predict("fixup");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Choice("fixup", _half.PredictedBytes, "training.microBatchSize=16"), Is.EqualTo((16, false)));
            Assert.That(Choice("fixup", _half.PredictedBytes - 1, "training.microBatchSize=16"), Is.EqualTo((16, true)));
        }
    }

    [Test]
    public void Choose_TellsHowMuchIsNeeded_WhenNothingFits()
    {
        var error = Assert.Throws<ConfigException>(() => Choice("batchnorm", Resident))!.Errors.Single();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(error.Path, Is.EqualTo("training.memoryBudget"));
            Assert.That(error.Message, Does.Match(@"^is ""100000000B"", 100 MB allowed; this network needs at least \d\d\d MB, with the whole batch of 32"));
        }
    }

    // 80 % of the free memory on top of what the process holds.
    [Test]
    public void Choose_TakesAShareOfWhatIsFree()
    {
        Predict("fixup");
        var free = (long)((_half.PredictedBytes!.Value - Resident) / 0.8) + 2;

        var plan = Planner("fixup", free).Choose();

        Assert.That(plan.MicroBatchSize, Is.EqualTo(16));
    }

    [Test]
    public void Choose_KeepsToOneGraph([Values] bool cudaGraph)
    {
        var plan = new StepPlanner(Document(["model.variant=batchnorm"]).Config, (_, recompute) => recompute ? 1 : 1L << 50, needsWholeBatch: true, cudaGraph, new MemoryNow(0, 1L << 40)).Choose();

        Assert.That((plan.CudaGraph, plan.Recompute), Is.EqualTo((cudaGraph, true)));
    }

    private void Predict(string variant)
    {
        var planner = Planner(variant);
        (_whole, _half, _recomputed) = (planner.Predict(32, false), planner.Predict(16, false), planner.Predict(32, true));
    }

    private static (int Size, bool Recompute) Choice(string variant, long? budget, params string[] overrides)
    {
        var plan = Planner(variant, overrides: [.. overrides, $"training.memoryBudget={budget}B"]).Choose();
        return (plan.MicroBatchSize, plan.Recompute);
    }

    private static StepPlanner Planner(string variant, long freeBytes = 1L << 40, params string[] overrides)
    {
        var config = Document([.. overrides, $"model.variant={variant}", "model.depth=98"]).Config;
        using var network = ModelZoo.All[config.Model.Name].Create(config.Model.Options, classCount: 10);
        return new StepPlanner(config, StepMemory.Of(network).StepBytes, network.Topology.UsesBatchStatistics, cudaGraph: false, new MemoryNow(Resident, freeBytes));
    }
}
