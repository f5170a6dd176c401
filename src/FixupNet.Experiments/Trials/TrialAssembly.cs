using FixupNet.Diagnostics;
using FixupNet.Engine;
using FixupNet.Experiments.Configuration;
using FixupNet.Initialization;
using FixupNet.Models;
using FixupNet.Optimizers;
using FixupNet.Runs.Records;
using FixupNet.Schedules;
using FixupNet.Training;
using FixupNet.Training.Checkpoints;
using FixupNet.Training.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Experiments.Trials;

/// <summary>Everything a configuration names, built and joined: dataset, network, optimizer, schedule, batches, training step.</summary>
internal sealed class TrialAssembly : IDisposable
{
    private readonly TrainConfig _config;
    private ITrainingStep? _step;

    private TrialAssembly(TrainConfig config, ImageDataset dataset, ResidualNetwork network, Device device, SeedPlan seeds)
    {
        _config = config;
        (Dataset, Network, Seeds, Device) = (dataset, network, seeds, device);
        var augmentation = config.Augmentation;
        Batches = new BatchPipeline(
            dataset,
            new BatchOptions(config.Training.BatchSize, augmentation.Crop, augmentation.Flip, augmentation.MixupAlpha, ElementType(config.Training.Precision)),
            seeds,
            device);
        Optimizer = OptimizerRegistry.All[config.Optimizer.Name].Create(network.named_parameters(), config.Optimizer.Options);
        Schedule = ScheduleRegistry.All[config.Schedule.Name].Create(config.Schedule.Options, Math.Max(1, config.Training.Epochs));
        Norms = config.Record.Layers == LayerSelection.All
            ? GradientNorms.OfParameters(network.named_parameters())
            : GradientNorms.OfWeights(network.Topology);
    }

    internal ImageDataset Dataset { get; }

    internal ResidualNetwork Network { get; }

    internal SeedPlan Seeds { get; }

    internal Device Device { get; }

    internal BatchPipeline Batches { get; }

    internal IOptimizer Optimizer { get; }

    internal ILearningRateSchedule Schedule { get; }

    internal GradientNorms Norms { get; }

    /// <summary>How a step fits into memory; chosen at first use, so that who does not train is not held to it.</summary>
    /// <exception cref="ConfigException">It does not fit.</exception>
    internal StepPlan Plan => field ??= ChoosePlan();

    /// <summary>The training step that the plan asks for.</summary>
    internal ITrainingStep Step => _step ??= StepWith(Plan);

    /// <summary>The engine and why it was taken, for the log.</summary>
    internal string Engine => Costs.Engine;

    private StepCosts Costs => field ??= StepCosts.Of(_config, Network, Device);

    /// <summary>Builds all of it.</summary>
    internal static TrialAssembly Create(TrainConfig config, TrialOptions options)
    {
        RequireWholeBatchesForBatchNorm(config);
        if (options.Threads is { } threads) set_num_threads(threads);
        var device = ComputeDevice.Of(options.Device);
        var dataset = Datasets.All[config.Dataset.Name].Load(config.Dataset.Options);
        var seeds = new SeedPlan(config.Seed);
        return new TrialAssembly(config, dataset, CreateNetwork(config, dataset.ClassNames.Count, device, seeds), device, seeds);
    }

    /// <summary>Builds the network alone, initialized or loaded.</summary>
    internal static ResidualNetwork CreateNetwork(TrainConfig config, int classCount, Device device, SeedPlan seeds)
    {
        var model = ModelZoo.All[config.Model.Name];
        var network = model.Create(config.Model.Options, classCount);
        network.to(device, ElementType(config.Training.Precision));
        var scheme = config.Initialization.Name ?? model.DefaultInitialization(config.Model.Options);
        using var generator = new Generator(seeds.Initialization(), device);
        InitializationSchemes.All[scheme].Scheme.Initialize(network.Topology, generator);
        if (config.Initialization.Weights is { } weights) ModelWeights.Load(network, weights);
        return network;
    }

    /// <summary>A training step with another plan.</summary>
    internal ITrainingStep StepWith(StepPlan plan)
    {
        var stop = _config.Stop.NonFinite;
        if (plan.DepthFirst is not { } depthFirst) return new EagerStep(Network, Optimizer, Norms, plan, stop);
        var options = DepthFirstPlanner.OptionsOf(depthFirst, plan.MicroBatchSize, _config.Training.Precision);
        TrimMemory();
        var cache = ConvolutionCache.OfUser();
        var known = cache.Load();
        var engine = new DepthFirstEngine(Network, Optimizer.Gradients, ImageSet.Side, ImageSet.Side, options, known);
        cache.Keep(known, engine.Choices);
        return new DepthFirstStep(engine, cache.Story, Network, Optimizer, Norms, stop);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        (_step as IDisposable)?.Dispose();
        Optimizer.Dispose();
        Batches.Dispose();
        Network.Dispose();
    }

    // Where the parameters were before the optimizer moved them is of no use to the engine, which allocates for itself.
    private static void TrimMemory()
    {
#if LIBTORCH_PROVIDER
        CpuMemory.Trim();
#endif
    }

    private StepPlan ChoosePlan()
    {
        if (Device.type == DeviceType.CPU) return Costs.Plan(_config, MemoryNow.Read(), get_num_threads());
        var training = _config.Training;
        if (training.MemoryBudget is null)
            return new StepPlan(training.MicroBatchSize ?? training.BatchSize, Reason: "as configured: a GPU's memory is not planned");
        throw new ConfigException([new ConfigError(
            _config.Name, null, "training:memoryBudget", $"is \"{training.MemoryBudget}\"; must be null on a GPU, whose memory is not planned: set microBatchSize.")]);
    }

    internal static ScalarType ElementType(Precision precision) => precision == Precision.Float64 ? float64 : float32;

    // Batch statistics of parts are not those of the whole: the accumulated gradient would be another network's.
    private static void RequireWholeBatchesForBatchNorm(TrainConfig config)
    {
        var variant = ModelZoo.All[config.Model.Name].VariantOf(config.Model.Options);
        if (variant != ResidualVariant.BatchNorm || config.Training.MicroBatchSize is not { } size || size >= config.Training.BatchSize) return;
        throw new ConfigException([new ConfigError(
            config.Name, null, "training:microBatchSize",
            $"is {size}; must be null for a network with batch normalization, whose statistics need the whole batch of {config.Training.BatchSize}.")]);
    }
}
