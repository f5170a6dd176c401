using FixupNet.Diagnostics;
using FixupNet.Engine;
using FixupNet.Execution;
using FixupNet.Experiments.Configuration;
using FixupNet.Experiments.Configuration.Nodes;
using FixupNet.Runs.Records;
using FixupNet.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Experiments.Trials;

/// <summary>Which engine computes the steps of a network, and what memory they take; it keeps nothing of the network but sizes.</summary>
internal sealed class StepCosts
{
    private readonly string _engine;
    private readonly EngineMemory? _depthFirst;
    private readonly Func<int, bool, long>? _layerByLayer;
    private readonly bool _needsWholeBatch;
    private readonly string? _wrongGradients;

    private StepCosts(string engine, ResidualNetwork network, EngineMemory? depthFirst, Func<int, bool, long>? layerByLayer, bool cudaGraph = false)
    {
        (_engine, _depthFirst, _layerByLayer, IsCudaGraph) = (engine, depthFirst, layerByLayer, cudaGraph);
        _needsWholeBatch = network.Topology.UsesBatchStatistics;
        _wrongGradients = layerByLayer is null || cudaGraph || (depthFirst is not null && !_needsWholeBatch) ? null : WrongGradients(network);
    }

    /// <summary>Whether a step is one CUDA graph.</summary>
    internal bool IsCudaGraph { get; }

    /// <summary>The engine of a plan and why it was taken, for the log.</summary>
    internal string EngineOf(StepPlan plan) =>
        _depthFirst is not null && plan.DepthFirst is null ? "eager (the engine would need more memory than there is)" : _engine;

    /// <summary>Whether the steps can be computed as a plan says, memory aside.</summary>
    internal bool CanFollow(StepPlan plan) => plan.DepthFirst is null ? _layerByLayer is not null && plan.CudaGraph == IsCudaGraph : _depthFirst is not null;

    /// <summary>Chooses the engine and measures the network.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="network">Its network, on the device it computes on.</param>
    /// <param name="device">That device.</param>
    /// <exception cref="ConfigException">The configuration asks for an engine or a precision that this network cannot have.</exception>
    /// <exception cref="DeviceNotAvailableException">The processor lacks the instructions asked for.</exception>
    internal static StepCosts Of(TrainConfig config, ResidualNetwork network, Device device)
    {
        var training = config.Training;
        if (device.type == DeviceType.CUDA || training.Engine == TrainingEngine.CudaGraph) return OnCard(config, network, device);
        var (isNormalized, precision) = (network.Topology.UsesBatchStatistics, DepthFirstPlanner.PrecisionOf(training.Precision));
        var problem = training.Engine == TrainingEngine.Eager
            ? "the configuration says so"
            : config.WhyNotEngines ?? DepthFirstEngine.WhyNot(network) ?? DepthFirstEngine.WhyNotPrecision(isNormalized, precision);
        RequireNone(config, EngineProblem.Of(config, device, problem));
        if (problem is not null) return Eager(network, problem);
        var memory = new EngineMemory(network, network.InputShape.Height, network.InputShape.Width);
        if (training.Engine != TrainingEngine.Auto) return new("depth-first (the configuration says so)", network, memory, layerByLayer: null);
        // What batch normalization needs at once may be more than there is: the eager path can compute activations again. And a run that began there goes on there.
        return new($"depth-first ({Reason(network)})", network, memory, StepMemory.Of(network).StepBytes);
    }

    private static string Reason(ResidualNetwork network) =>
        network.Topology.UsesBatchStatistics ? "from one batch normalization to the next, on the CPU"
        : network.Topology.NormLayers.Any() ? "its normalizations are of single images, on the CPU"
        : "the network is norm-free and on the CPU";

    private static StepCosts OnCard(TrainConfig config, ResidualNetwork network, Device device)
    {
        var training = config.Training;
        var problem = training.Engine == TrainingEngine.Eager ? "the configuration says so" : CudaGraphs.WhyNot(config, device);
        RequireNone(config, EngineProblem.Of(config, device, null));
        if (problem is null) return new StepCosts($"cuda-graph ({CudaGraphs.Describe(config, network)})", network, depthFirst: null, CudaGraphs.MemoryOf(config, network), cudaGraph: true);
        return Eager(network, problem);
    }

    private static StepCosts Eager(ResidualNetwork network, string why)
    {
        var costs = new StepCosts($"eager ({why})", network, depthFirst: null, StepMemory.Of(network).StepBytes);
        costs.RequireRightGradients();
        return costs;
    }

    // The stem is left out: nobody asks for the gradient of images. The depth-first engine has convolutions of its own.
    internal static string? WrongGradients(ResidualNetwork network)
    {
        var topology = network.Topology;
        if (OneDnn.IsOld || topology.Classifier.Weight is not { device_type: DeviceType.CPU, dtype: ScalarType.Float32 }) return null;
        var wrong = topology.WeightLayers.Except(topology.Stem).Select(layer => layer.Weight.shape).Where(shape => shape.Length == 4)
            .Select(shape => (In: shape[1], Out: shape[0])).Where(width => width.In % ConvolutionCheck.SafeMultiple != 0 || width.Out % ConvolutionCheck.SafeMultiple != 0)
            .Distinct().Where(width => !ConvolutionCheck.IsRight(width.In, width.Out)).ToList();
        if (wrong.Count == 0) return null;
        return $"This machine's libtorch gives wrong input gradients to convolutions of {string.Join(", ", wrong.Select(width => $"{width.In} to {width.Out}"))} channels. "
            + $"Train a width that is a multiple of {ConvolutionCheck.SafeMultiple}, a method of the depth-first engine, or on a GPU.";
    }

    /// <summary>Fits a step into memory.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="now">What there is.</param>
    /// <param name="threads">CPU threads.</param>
    /// <exception cref="ConfigException">It does not fit.</exception>
    /// <exception cref="DeviceNotAvailableException">What would fit gives wrong gradients on this machine.</exception>
    internal StepPlan Plan(TrainConfig config, MemoryNow now, int threads)
    {
        var planner = _depthFirst is null ? null : new DepthFirstPlanner(config, _depthFirst, threads, now);
        if (planner is not null && (_layerByLayer is null || !_needsWholeBatch ? planner.Choose() : planner.Whole()) is { } plan) return plan;
        RequireRightGradients();
        return new StepPlanner(config, _layerByLayer!, _needsWholeBatch, IsCudaGraph, now).Choose();
    }

    private void RequireRightGradients()
    {
        if (_wrongGradients is not null) throw new DeviceNotAvailableException(_wrongGradients);
    }

    private static void RequireNone(TrainConfig config, DocumentProblem? problem)
    {
        if (problem is not null) throw new ConfigException([new ConfigError(config.Name, null, problem.Key, problem.Message)]);
    }
}
