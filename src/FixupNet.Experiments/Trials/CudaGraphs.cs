using FixupNet.Diagnostics;
#if LIBTORCH_PROVIDER
using FixupNet.Engine.Cuda;
#endif
using FixupNet.Experiments.Configuration;
using FixupNet.Experiments.Configuration.Nodes;
using FixupNet.Runs.Records;
using FixupNet.Training;
using TorchSharp;
using FixupNet.Execution;
using FixupNet.Optimization;
using FixupNet.Optimization.GradientTransforms;
using static TorchSharp.torch;

namespace FixupNet.Experiments.Trials;

/// <summary>Whether steps can be captured into CUDA graphs here, and the steps; the one place that knows which provider there is.</summary>
internal static class CudaGraphs
{
    /// <summary>Why the steps of a configuration cannot be captured on a device; null where they can.</summary>
    internal static string? WhyNot(TrainConfig config, Device device) => WhyNot(device) ?? WhyNot(config);

    /// <summary>Why the steps of a configuration cannot be captured anywhere; null where they can.</summary>
    internal static string? WhyNot(TrainConfig config) => config.WhyNotEngines ?? config switch
    {
        { Optimizer: { Options: not (SgdOptions or AdamOptions), Name: var optimizer } } => $"its update is that of \"sgd\", \"adam\" or \"adamw\", and the optimizer is \"{optimizer}\"",
        _ => null,
    };

#if LIBTORCH_PROVIDER
    /// <summary>Why steps cannot be captured here; null where they can.</summary>
    internal static string? WhyNot(Device device)
    {
        if (device.type != DeviceType.CUDA) return $"it needs a GPU, and the device is {device}";
        return CudaRuntime.IsBuilt ? CudaEngine.Unavailable : "the tensor provider was built without CUDA's headers";
    }

    /// <summary>What computes the blocks of a network.</summary>
    internal static string Describe(TrainConfig config, ResidualNetwork network) =>
        $"{CudaPlan.FusedBlockCount(network, network.InputShape.Height, OptionsOf(config, 1, recompute: false))} of {network.Topology.BranchCount} blocks by fused kernels";

    /// <summary>What a step takes of the card's memory with so many images at once, and with or without recomputation.</summary>
    internal static Func<int, bool, long> MemoryOf(TrainConfig config, ResidualNetwork network) =>
        (images, recompute) => CudaPlan.PredictBytes(network, network.InputShape.Height, OptionsOf(config, images, recompute));

    /// <summary>The card's memory as it is now.</summary>
    internal static MemoryNow? MemoryNow()
    {
        if (CudaEngine.Unavailable is not null) return null;
        var (free, _) = CudaEngine.MemoryOfCard();
        return new MemoryNow(0, free);
    }

    /// <summary>Chooses how the card rounds.</summary>
    internal static void SetArithmetic(TrainConfig config) => CudaRuntime.SetArithmetic(config.Training.Tf32, config.Training.Deterministic);

    /// <summary>A captured step.</summary>
    internal static ITrainingStep Step(
        TrainConfig config, StepPlan plan, ResidualNetwork network, IOptimizer optimizer, IReadOnlyList<IGradientTransform> transforms, GradientNorms norms, bool withNorms,
        WeightAverage? average)
    {
        var options = OptionsOf(config, plan.MicroBatchSize, plan.Recompute) with { MeasuresNorms = withNorms };
        return new CudaGraphStep(new CudaEngine(network, optimizer, network.InputShape.Height, options, transforms, average), network, optimizer, norms);
    }

    /// <summary>Bytes that the provider has taken from a card; null where it cannot be asked.</summary>
    internal static long? ReservedBytes(Device device) =>
        device.type == DeviceType.CUDA && CudaRuntime.IsBuilt ? CudaRuntime.ReservedBytes(Math.Max(0, device.index)) : null;

    private static CudaEngineOptions OptionsOf(TrainConfig config, int microBatchSize, bool recompute) => new(
        microBatchSize, config.Training.Precision == Precision.BFloat16, StopAtNonFinite: config.Stop.NonFinite, StopAtLossAbove: config.Stop.LossAbove,
        Recompute: recompute, LabelSmoothing: config.Regularization.LabelSmoothing);
#else
    internal static string? WhyNot(Device device) => "the TorchSharp provider has no CUDA graphs";

    internal static string Describe(TrainConfig config, ResidualNetwork network) => throw new NotSupportedException();

    internal static Func<int, bool, long> MemoryOf(TrainConfig config, ResidualNetwork network) => throw new NotSupportedException();

    internal static MemoryNow? MemoryNow() => null;

    // libtorch's own default is TF32 in convolutions.
    internal static void SetArithmetic(TrainConfig config)
    {
        if (config.Training.Deterministic)
            throw new ConfigException([new ConfigError(config.Name, null, "training.deterministic", "is true, for which TorchSharp has no switch on a GPU. Use false, or the LibTorch provider.")]);
        backends.cuda.matmul.allow_tf32 = backends.cudnn.allow_tf32 = config.Training.Tf32;
    }

    internal static long? ReservedBytes(Device device) => null;

    internal static ITrainingStep Step(
        TrainConfig config, StepPlan plan, ResidualNetwork network, IOptimizer optimizer, IReadOnlyList<IGradientTransform> transforms, GradientNorms norms, bool withNorms,
        WeightAverage? average) =>
        throw new NotSupportedException();
#endif
}
