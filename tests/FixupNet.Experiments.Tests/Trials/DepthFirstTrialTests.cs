using FixupNet.Architectures;
using FixupNet.Engine;
using FixupNet.Experiments.Configuration.Nodes;
using FixupNet.Experiments.Configuration;
using FixupNet.Experiments.Trials;
using FixupNet.Runs.Records;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Experiments.Tests.Trials;

/// <summary>Trials by the depth-first engine: chosen, planned, recorded, and stopped where they diverge.</summary>
internal sealed class DepthFirstTrialTests : TrialFixture
{
    [TestCase("fixup", "auto", "depth-first (the network is norm-free and on the CPU)")]
    [TestCase("plain", "depth-first", "depth-first (the configuration says so)")]
    [TestCase("fixup", "eager", "eager (the configuration says so)")]
    [TestCase("batchnorm", "auto", "depth-first (from one batch normalization to the next, on the CPU)")]
    [TestCase("batchnorm", "depth-first", "depth-first (the configuration says so)")]
    [TestCase("groupnorm", "auto", "depth-first (its normalizations are of single images, on the CPU)")]
    [TestCase("skipinit", "auto", "depth-first (the network is norm-free and on the CPU)")]
    [TestCase("normfree", "auto", "depth-first (the network is norm-free and on the CPU)")]
    public void Run_RecordsWhichEngineAndWhy(string variant, string engine, string expected)
    {
        var directory = At("a");

        Run(Document($"model.variant={variant}", $"training.engine={engine}", "training.epochs=1"), directory);

        var environment = directory.ReadEnvironment()!;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(environment.Engine, Is.EqualTo(expected));
            Assert.That(environment.StepPlan!.DepthFirst is not null, Is.EqualTo(expected.StartsWith("depth-first", StringComparison.Ordinal)));
        }
    }

    [Test]
    public void Run_TakesTheEagerPathForDropout_AndSaysWhy()
    {
        var directory = At("a");

        Run(Document("regularization.stochasticDepth=0.2", "training.epochs=1"), directory);

        var refused = Assert.Throws<ConfigException>(() => Document("regularization.dropout=0.2", "training.engine=depth-first"))!.Errors.Single();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(directory.ReadEnvironment()!.Engine, Does.StartWith("eager (").And.Contain("layer1.0.depth, dropout of whole branches"));
            Assert.That((refused.Path, refused.Message), Is.EqualTo(("training.engine", "is \"depth-first\", which has neither dropout nor stochastic depth. Use \"auto\" or \"eager\".")));
        }
    }

    // The same batches, seeds and updates: what differs is rounding.
    [TestCase("augmentation.mixupAlpha=0.5")]
    [TestCase("augmentation.mixupAlpha=0.5", "regularization.labelSmoothing=0.2")]
    [TestCase("regularization.weightAverageDecay=0.8", "augmentation.cutout=8")]
    [TestCase("augmentation.mixupAlpha=0.5", "model.variant=batchnorm")]
    [TestCase("model.variant=batchnorm", "regularization.labelSmoothing=0.2")]
    [TestCase("augmentation.mixupAlpha=0.5", "model.variant=normfree")]
    [TestCase("model.variant=skipinit")]
    [TestCase("model.variant=layernorm", "regularization.labelSmoothing=0.2")]
    public void Run_LearnsWhatTheEagerPathLearns(params string[] changes)
    {
        var (first, second) = (At("a"), At("b"));

        var eager = Run(Document([.. changes, "training.engine=eager"]), first);
        var depthFirst = Run(Document([.. changes, "training.engine=depth-first"]), second);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(depthFirst.Train!.Loss, Is.EqualTo(eager.Train!.Loss).Within(0.01).Percent);
            Assert.That(depthFirst.Test!.Loss, Is.EqualTo(eager.Test!.Loss).Within(0.01).Percent);
            Assert.That(depthFirst.Train["accuracy"], Is.EqualTo(eager.Train["accuracy"]).Within(0.02));
        }
    }

    [TestCase("training.engine=eager", "the engine \"eager\" does not have")]
    [TestCase("model.variant=batchnorm", "batch normalization")]
    public void Run_Refuses_BFloat16WithoutTheEngine(string because, string reason)
    {
        var error = Assert.Throws<ConfigException>(() => Run(Document("training.precision=bfloat16", because), At("a")))!.Errors.Single();

        Assert.That((error.Path, error.Message), Is.EqualTo(("training.precision", error.Message)));
        Assert.That(error.Message, Does.StartWith("is \"bfloat16\", which ").And.Contain(reason));
    }

    // He initialization and nothing else: values overflow in some layer of a network this deep, at the first step.
    [Test]
    public void Run_StopsInTheStepWhereAValueIsNotFinite_AndNamesTheLayer()
    {
        var summary = Run(Document("model.variant=plain", "model.depth=602", "training.engine=depth-first", "training.epochs=1", "stop.lossAbove=1e300"), At("a"));

        using (Assert.EnterMultipleScope())
        {
            Assert.That((summary.State, summary.Steps), Is.EqualTo((TrialState.Diverged, 0L)));
            Assert.That(summary.Divergence!.Layer, Does.StartWith("layer"));
        }
    }

    [TestCase("layer2.0.conv1.weight", double.NaN, "layer2.0")]
    [TestCase("layer3.0.conv2.weight", double.PositiveInfinity, "layer3.0")]
    [TestCase("conv1.weight", double.NaN, "stem")]
    [TestCase("fc.weight", double.NaN, "classifier")]
    [TestCase("layer2.0.conv1.weight", double.NaN, "layer2.0", "batchnorm")]
    [TestCase("layer3.0.conv2.weight", double.PositiveInfinity, "layer3.0", "batchnorm")]
    [TestCase("conv1.weight", double.NaN, "stem", "batchnorm")]
    [TestCase("layer2.0.conv1.weight", double.NaN, "layer2.0", "skipinit")]
    [TestCase("layer3.0.conv2.weight", double.NaN, "layer3.0", "groupnorm")]
    public void Step_FindsAValueThatIsNotFinite_InTheStepItAppears(string parameter, double value, string layer, string variant = "fixup")
    {
        using var trial = TrialAssembly.Create(Document("training.engine=depth-first", $"model.variant={variant}").Config, OnCpu);
        using var scope = NewDisposeScope();
        var before = Enumerable.Range(0, 3).Select(index => trial.Step.Run(trial.Task.Training(0, index), learningRateFactor: 1)).ToArray();
        using (no_grad()) trial.Network.named_parameters().Single(item => item.name == parameter).parameter.view(-1).narrow(0, 0, 1).fill_(value);
        var weights = trial.Network.Topology.Classifier.Bias!.clone();

        var result = trial.Step.Run(trial.Task.Training(0, 3), learningRateFactor: 1);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(before.Select(step => step.Failure), Is.All.Null);
            Assert.That((result.Failure?.Layer, result.Updated), Is.EqualTo((layer, false)));
            Assert.That(trial.Network.Topology.Classifier.Bias!.eq(weights).all().ToBoolean(), Is.True);
        }
    }

    [Test]
    public void Choose_TakesAllTheMemoryItMay_AndNoMore()
    {
        var all = Planner(long.MaxValue).Choose();

        using (Assert.EnterMultipleScope())
        {
            Assert.That((all.MicroBatchSize, all.Recompute, all.DepthFirst), Is.EqualTo((16, false, new DepthFirstPlan(2, 2))));
            foreach (var percent in new[] { 90, 60, 45 })
            {
                var budget = Resident + (all.PredictedBytes!.Value - Resident) * percent / 100;
                var plan = Planner(budget).Choose();
                Assert.That(plan.PredictedBytes, Is.LessThanOrEqualTo(budget));
                Assert.That(plan.MicroBatchSize < 16 || plan.Recompute || plan.DepthFirst!.GradientSums < 2);
                Assert.That(plan.Reason, Does.Contain("would take"));
            }
            Assert.That(() => Planner(Resident).Choose(), Throws.TypeOf<ConfigException>().With.Message.Contains("needs at least"));
        }
    }

    [Test]
    public void Choose_KeepsTheImagesAtOnceThatWereAskedFor()
    {
        var all = Planner(long.MaxValue, "training.microBatchSize=8").Choose();

        var less = Planner(Resident + (all.PredictedBytes!.Value - Resident) * 7 / 10, "training.microBatchSize=8").Choose();

        Assert.That((all.MicroBatchSize, less.MicroBatchSize, less.Recompute), Is.EqualTo((8, 8, true)));
    }

    [Test]
    public void Plan_OfBatchNormalization_TakesTheEngine_AndTheEagerPathWhereMemoryIsShort()
    {
        var (config, all) = PlanNormalized("1TB");

        var (_, less) = PlanNormalized($"{all.PredictedBytes - 1}B");

        using (Assert.EnterMultipleScope())
        {
            Assert.That((all.MicroBatchSize, all.Recompute, all.DepthFirst?.Workers), Is.EqualTo((config.Training.BatchSize, false, (int?)2)));
            Assert.That(all.Reason, Does.Contain("all 128 images of a batch"));
            Assert.That((less.MicroBatchSize, less.Recompute, less.DepthFirst), Is.EqualTo((config.Training.BatchSize, true, (DepthFirstPlan?)null)));
            Assert.That(() => PlanNormalized($"{all.PredictedBytes - 1}B", "training.engine=depth-first"), Throws.TypeOf<ConfigException>().With.Message.Contains("needs at least"));
        }
    }

    // A run that began on the eager path, as those of methods that the engine did not have yet, goes on there.
    [TestCase("batchnorm")]
    [TestCase("skipinit")]
    [TestCase("groupnorm")]
    public void Create_KeepsThePlanOfARunThatBeganOnTheEagerPath(string variant)
    {
        var document = Document($"model.variant={variant}");
        using var eager = TrialAssembly.Create(Document($"model.variant={variant}", "training.engine=eager").Config, OnCpu);

        using var trial = TrialAssembly.Create(document.Config, OnCpu, eager.Arithmetic);

        Assert.That((trial.Plan, trial.DifferenceFrom(eager.Arithmetic)), Is.EqualTo((eager.Plan, (string?)null)));
    }

    private static (TrainConfig Config, StepPlan Plan) PlanNormalized(string budget, params string[] overrides)
    {
        var config = Document([.. overrides, "model.variant=batchnorm", "training.batchSize=128", "model.depth=98", "model.width=16", $"training.memoryBudget={budget}"]).Config;
        using var network = ModelZoo.All[config.Model.Name].Create(config.Model.Options, classCount: 10);
        return (config, StepCosts.Of(config, network, CPU).Plan(config, new MemoryNow(Resident, 1L << 40), threads: 2));
    }

    private const long Resident = 100_000_000;

    private static DepthFirstPlanner Planner(long budget, params string[] overrides)
    {
        var config = Document([.. overrides, "training.batchSize=128", "model.depth=98", "model.width=16", $"training.memoryBudget={Math.Min(budget, 1L << 45)}B"]).Config;
        using var network = ModelZoo.All[config.Model.Name].Create(config.Model.Options, classCount: 10);
        var memory = new EngineMemory(network, 32, 32);
        return new DepthFirstPlanner(config, memory, workers: 2, new MemoryNow(Resident, 1L << 40));
    }
}
