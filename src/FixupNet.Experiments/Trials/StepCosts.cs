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
    private readonly EngineMemory? _depthFirst;
    private readonly Func<int, bool, long>? _layerByLayer;
    private readonly bool _needsWholeBatch;

    private StepCosts(string engine, EngineMemory depthFirst) => (Engine, _depthFirst) = (engine, depthFirst);

    private StepCosts(string engine, ResidualNetwork network, Func<int, bool, long> layerByLayer, bool cudaGraph)
    {
        (Engine, _layerByLayer, IsCudaGraph) = (engine, layerByLayer, cudaGraph);
        _needsWholeBatch = network.Topology.UsesBatchStatistics;
    }

    /// <summary>The engine and why it was taken, for the log.</summary>
    internal string Engine { get; }

    /// <summary>Whether it is the depth-first engine.</summary>
    internal bool IsDepthFirst => _depthFirst is not null;

    /// <summary>Whether a step is one CUDA graph.</summary>
    internal bool IsCudaGraph { get; }

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
        var problem = training.Engine == TrainingEngine.Eager ? "the configuration says so" : DepthFirstEngine.WhyNot(network);
        if (problem is null)
        {
            var why = training.Engine == TrainingEngine.Auto ? "the network is norm-free and on the CPU" : "the configuration says so";
            return new StepCosts($"depth-first ({why})", new EngineMemory(network, network.InputShape.Height, network.InputShape.Width));
        }
        RequireNone(config, EngineProblem.Of(config, device, problem));
        return Eager(network, problem);
    }

    private static StepCosts OnCard(TrainConfig config, ResidualNetwork network, Device device)
    {
        var training = config.Training;
        var problem = training.Engine == TrainingEngine.Eager ? "the configuration says so" : CudaGraphs.WhyNot(config, device);
        RequireNone(config, EngineProblem.Of(config, device, null));
        if (problem is null) return new StepCosts($"cuda-graph ({CudaGraphs.Describe(config, network)})", network, CudaGraphs.MemoryOf(config, network), cudaGraph: true);
        return Eager(network, problem);
    }

    private static StepCosts Eager(ResidualNetwork network, string why)
    {
        RequireRightGradients(network);
        return new($"eager ({why})", network, StepMemory.Of(network).StepBytes, cudaGraph: false);
    }

    // libtorch 1 was never seen to be wrong. The stem is left out: nobody asks for the gradient of images. The depth-first engine has convolutions of its own.
    private static void RequireRightGradients(ResidualNetwork network)
    {
        var topology = network.Topology;
        if (__version__.StartsWith("1.", StringComparison.Ordinal) || topology.Classifier.Weight is not { device_type: DeviceType.CPU, dtype: ScalarType.Float32 }) return;
        var wrong = topology.WeightLayers.Except(topology.Stem).Select(layer => layer.Weight.shape).Where(shape => shape.Length == 4)
            .Select(shape => (In: shape[1], Out: shape[0])).Where(width => width.In % ConvolutionCheck.SafeMultiple != 0 || width.Out % ConvolutionCheck.SafeMultiple != 0)
            .Distinct().Where(width => !ConvolutionCheck.IsRight(width.In, width.Out)).ToList();
        if (wrong.Count == 0) return;
        throw new DeviceNotAvailableException(
            $"This machine's libtorch gives wrong input gradients to convolutions of {string.Join(", ", wrong.Select(width => $"{width.In} to {width.Out}"))} channels. "
            + $"Train a width that is a multiple of {ConvolutionCheck.SafeMultiple}, a method of the depth-first engine, or on a GPU.");
    }

    /// <summary>Fits a step into memory.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="now">What there is.</param>
    /// <param name="threads">CPU threads.</param>
    /// <exception cref="ConfigException">It does not fit.</exception>
    internal StepPlan Plan(TrainConfig config, MemoryNow now, int threads) => _depthFirst is null
        ? new StepPlanner(config, _layerByLayer!, _needsWholeBatch, IsCudaGraph, now).Choose()
        : new DepthFirstPlanner(config, _depthFirst, threads, now).Choose();

    private static void RequireNone(TrainConfig config, DocumentProblem? problem)
    {
        if (problem is not null) throw new ConfigException([new ConfigError(config.Name, null, problem.Key, problem.Message)]);
    }
}
