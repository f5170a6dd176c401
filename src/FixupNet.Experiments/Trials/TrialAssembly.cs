using FixupNet.Diagnostics;
using FixupNet.Engine;
using FixupNet.Execution;
using FixupNet.Experiments.Configuration;
using FixupNet.Experiments.Configuration.Nodes;
using FixupNet.Experiments.Studies;
using FixupNet.Optimization;
using FixupNet.Optimization.GradientTransforms;
using FixupNet.Randomness;
using FixupNet.Residual;
using FixupNet.Runs.Checkpoints;
using FixupNet.Runs.Records;
using FixupNet.Schedules;
using FixupNet.Training;
using FixupNet.Training.Checkpoints;
using FixupNet.Training.Data;
using FixupNet.Training.Tasks;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Experiments.Trials;

/// <summary>Everything a configuration names, built and joined: task, network, optimizer, schedule, training step.</summary>
internal sealed class TrialAssembly : IDisposable
{
    private readonly TrainConfig _config;
    private readonly ArithmeticSetting? _before;
    private readonly IReadOnlyList<IGradientTransform> _transforms;
    private readonly DropDraws _draws;
    private ITrainingStep? _step;

    private TrialAssembly(
        TrainConfig config, ArithmeticSetting? before, ITask task, ResidualNetwork network, Device device, SeedPlan seeds, IReadOnlySet<string> zeros,
        Func<TransformTarget, IGradientTransform>? transform)
    {
        (_config, _before) = (config, before);
        (Task, Network, Seeds, Device) = (task, network, seeds, device);
        Optimizer = config.Registries.Optimizers[config.Optimizer.Name].Create(network.named_parameters(), config.Optimizer.Options, network.Topology);
        _draws = config.Regularization.Drops.Dress(network);
        var target = new TransformTarget([.. network.named_parameters()], Optimizer.Gradients, network.Topology, zeros);
        _transforms = [.. (config.GradientTransforms ?? []).Select(section => config.Registries.GradientTransforms[section.Name].Create(target, section.Options))];
        if (transform is not null) _transforms = [.. _transforms, transform(target)];
        if (config.Regularization.WeightAverageDecay is { } decay) Average = new WeightAverage(network, decay, Optimizer as FlatOptimizer);
        // A run of no epochs only evaluates: no schedule needs to fit it.
        Schedule = config.Training.Epochs == 0
            ? new ConstantSchedule()
            : config.Registries.Schedules[config.Schedule.Name].Create(config.Schedule.Options, config.Training.Epochs);
        Norms = config.Record.Layers == LayerSelection.All
            ? GradientNorms.OfParameters(network.named_parameters())
            : GradientNorms.OfWeights(network.Topology);
    }

    internal ITask Task { get; }

    internal ResidualNetwork Network { get; }

    internal SeedPlan Seeds { get; }

    internal Device Device { get; }

    internal IOptimizer Optimizer { get; }

    /// <summary>The moving average of the weights; null where none is kept.</summary>
    internal WeightAverage? Average { get; }

    internal ILearningRateSchedule Schedule { get; }

    internal GradientNorms Norms { get; }

    /// <summary>How a step fits into memory; chosen at first use, so that who does not train is not held to it.</summary>
    /// <exception cref="ConfigException">It does not fit.</exception>
    internal StepPlan Plan => field ??= ChoosePlan();

    /// <summary>The training step that the plan asks for.</summary>
    internal ITrainingStep Step => _step ??= Average is { } average ? new AveragedStep(StepWith(Plan), average, updates: !Plan.CudaGraph) : StepWith(Plan);

    /// <summary>The engine and why it was taken, for the log.</summary>
    internal string Engine => Costs.EngineOf(Plan);

    /// <summary>What decides how the sums of this trial round.</summary>
    internal ArithmeticSetting Arithmetic => field ??= new ArithmeticSetting(get_num_threads(), Plan, MachineOf(Plan));

    /// <summary>What rounds otherwise than before; null where nothing does.</summary>
    internal string? DifferenceFrom(ArithmeticSetting before)
    {
        if (before.Threads != Arithmetic.Threads) return $"{Arithmetic.Threads} threads instead of {before.Threads}";
        if (before.Machine != Arithmetic.Machine) return $"{Arithmetic.Machine} instead of {before.Machine}";
        return before.Plan == Plan ? null : $"{Plan.Reason}, where it was: {before.Plan.Reason}";
    }

    private string MachineOf(StepPlan plan) => plan.DepthFirst is not null
        ? $"{HostMachine.ProcessorName}; {HostMachine.Engine}; libtorch {HostMachine.Libtorch}"
        : $"{HostMachine.ProcessorName}; {HostMachine.ProviderName}, libtorch {HostMachine.Libtorch}; {HostMachine.CardName(Device) ?? Device.ToString()}";

    private StepCosts Costs => field ??= StepCosts.Of(_config, Network, Device);

    /// <summary>Builds all of it.</summary>
    /// <param name="config">What to build.</param>
    /// <param name="options">Where it runs.</param>
    /// <param name="before">
    /// How sums rounded in the run that this one continues: kept wherever it can be, and the weights are left to its checkpoint; null for a run that begins.
    /// </param>
    /// <param name="variation">What is otherwise than the configuration says; null for nothing.</param>
    /// <exception cref="ConfigException">The configuration cannot be built.</exception>
    internal static TrialAssembly Create(TrainConfig config, TrialOptions options, ArithmeticSetting? before = null, TrainingVariation? variation = null)
    {
        if ((options.Threads ?? before?.Threads) is { } threads) set_num_threads(threads);
        // A run that continues has weights of its own; those that it began with may be gone.
        if (before is not null) config = config with { Initialization = config.Initialization with { Weights = null } };
        var device = ComputeDevice.Of(options.Device);
        if (device.type == DeviceType.CUDA) CudaGraphs.SetArithmetic(config);
        var seeds = variation?.Seeds ?? new SeedPlan(config.Seed);
        var task = variation is null ? TaskOf(config, device, seeds) : Varied(TaskOf(config, device, seeds, variation.Data), variation);
        var network = CreateNetwork(config, task.OutputCount, device, task.Inputs);
        RequireWholeBatches(config, network);
        // By the initialization alone: a run that continues has weights of its own, and no file of those it began with.
        IReadOnlySet<string> zeros = new HashSet<string>();
        if (before is null || !StartingNetwork.Computes(config) || config.GradientTransforms is { Count: > 0 })
            StartingNetwork.Initialize(network, config, seeds, task, initialized => zeros = TransformTarget.ZerosOf(initialized.named_parameters()));
        variation?.Start?.Invoke(network);
        return new TrialAssembly(config, before, task, network, device, seeds, zeros, variation?.Transform);
    }

    private static ITask Varied(ITask task, TrainingVariation variation)
    {
        if (variation.Task is { } vary) task = vary(task);
        return variation.RecordsExamples ? new ObservedTask(task) : task;
    }

    /// <summary>Builds the network alone, its weights 0.</summary>
    internal static ResidualNetwork CreateNetwork(TrainConfig config, int outputCount, Device device, ImageShape? inputs = null)
    {
        var network = config.Registries.Models[config.Model.Name].Create(config.Model.Options, outputCount, inputs);
        network.to(device, ElementType(config.Training.Precision));
        return network;
    }

    private GradientUpdate Update => new(Network, Optimizer, Norms, _transforms, _config.Stop.NonFinite);

    /// <summary>Opens the task of a configuration.</summary>
    internal static ITask TaskOf(TrainConfig config, Device device, SeedPlan seeds, ImageData? data = null)
    {
        var augmentation = config.Augmentation;
        var options = new BatchOptions(
            config.Training.BatchSize, augmentation.Crop, augmentation.Flip, augmentation.MixupAlpha, ElementType(config.Training.Precision), augmentation.Cutout,
            augmentation.RandomErasing);
        return config.TaskEntry.Open(config.Task.Options, new TaskContext(
            seeds, device, options, config.Regularization.LabelSmoothing, () => data ?? config.Registries.Datasets[config.Dataset.Name].Load(config.Dataset.Options)));
    }

    /// <summary>A training step with another plan.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="withNorms">False leaves gradient norms out, in captured steps only: for measuring what they cost.</param>
    internal ITrainingStep StepWith(StepPlan plan, bool withNorms = true)
    {
        if (plan.CudaGraph) return CudaGraphs.Step(_config, plan, Network, Optimizer, _transforms, Norms, withNorms, Average);
        if (plan.DepthFirst is not { } depthFirst) return new EagerStep(Network, Task, Optimizer, Update, plan, _draws);
        var options = DepthFirstPlanner.OptionsOf(depthFirst, plan.MicroBatchSize, _config.Training.Precision);
        TrimMemory();
        var engine = new DepthFirstEngine(Network, Optimizer.Gradients, Network.InputShape.Height, Network.InputShape.Width, options);
        return new DepthFirstStep(Network, engine, Update, _config.Regularization.LabelSmoothing);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        (_step as IDisposable)?.Dispose();
        Average?.Dispose();
        Optimizer.Dispose();
        Network.Dispose();
        Task.Dispose();
    }

    // Another number of threads or another machine rounds otherwise whatever the plan; and what fitted then may not fit now.
    private bool CanRepeat(ArithmeticSetting before) =>
        before.Threads == get_num_threads() && before.Machine == MachineOf(before.Plan) && Costs.CanFollow(before.Plan)
        && (MemoryHere is not { } memory || new MemoryAllowance(_config, memory).Fits(before.Plan.PredictedBytes));

    // Where the parameters were before the optimizer moved them is of no use to the engine, which allocates for itself.
    private static void TrimMemory()
    {
#if LIBTORCH_PROVIDER
        CpuMemory.Trim();
#endif
    }

    // Of the device that computes; null where it cannot be asked.
    private MemoryNow? MemoryHere => Device.type == DeviceType.CPU ? MemoryNow.Read() : CudaGraphs.MemoryNow();

    private StepPlan ChoosePlan()
    {
        if (_before is { } before && CanRepeat(before)) return before.Plan;
        if (MemoryHere is { } memory) return Costs.Plan(_config, memory, get_num_threads());
        var training = _config.Training;
        if (training.MemoryBudget is null)
            return new StepPlan(training.MicroBatchSize ?? training.BatchSize, Reason: "as configured: how much of this GPU's memory is free is not known");
        throw new ConfigException([new ConfigError(
            _config.Name, null, "training.memoryBudget",
            $"is \"{training.MemoryBudget}\"; must be null here, for how much of this GPU's memory is free is not known: set microBatchSize.")]);
    }

    internal static ScalarType ElementType(Precision precision) => precision == Precision.Float64 ? float64 : float32;

    // Batch statistics of parts are not those of the whole: the accumulated gradient would be another network's.
    private static void RequireWholeBatches(TrainConfig config, ResidualNetwork network)
    {
        if (config.Training.MicroBatchSize is not { } size || size >= config.Training.BatchSize || !network.Topology.UsesBatchStatistics) return;
        throw new ConfigException([new ConfigError(
            config.Name, null, "training.microBatchSize",
            $"is {size}; must be null for a network with batch normalization, whose statistics need the whole batch of {config.Training.BatchSize}.")]);
    }
}
