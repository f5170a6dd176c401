using FixupNet.Experiments.Configuration;
using FixupNet.Experiments.Configuration.Nodes;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Experiments.Trials;

/// <summary>Why steps cannot be computed by the engine, or in the precision, that a configuration asks for.</summary>
internal static class EngineProblem
{
    /// <summary>The problem; null where there is none.</summary>
    /// <param name="config">What is asked for.</param>
    /// <param name="device">Where.</param>
    /// <param name="whyNotDepthFirst">Why the depth-first engine cannot train the network on the CPU; null where it can.</param>
    internal static DocumentProblem? Of(TrainConfig config, Device device, string? whyNotDepthFirst) =>
        device.type == DeviceType.CUDA || config.Training.Engine == TrainingEngine.CudaGraph ? OnCard(config, device) : OnProcessor(config.Training, whyNotDepthFirst);

    private static DocumentProblem? OnProcessor(TrainingConfig training, string? whyNot)
    {
        var problem = training.Engine == TrainingEngine.Eager ? "the configuration says so" : whyNot;
        if (problem is null) return null;
        if (training.Precision == Precision.BFloat16)
            return new("training.precision", $"is \"bfloat16\", which only the depth-first engine has: {problem}. Use \"float32\".");
        return training.Engine == TrainingEngine.DepthFirst
            ? new("training.engine", $"is \"depth-first\", which cannot train this network: {problem}. Use \"auto\" or \"eager\".")
            : null;
    }

    private static DocumentProblem? OnCard(TrainConfig config, Device device)
    {
        var training = config.Training;
        if (training.Engine == TrainingEngine.DepthFirst)
            return new("training.engine", $"is \"depth-first\", which computes on the CPU; the device is {device}. Use \"auto\", or --device cpu.");
        var problem = training.Engine == TrainingEngine.Eager ? "the configuration says so" : CudaGraphs.WhyNot(config, device);
        if (problem is null) return null;
        if (training.Engine == TrainingEngine.CudaGraph)
            return new("training.engine", $"is \"cuda-graph\", which cannot be had here: {problem}. Use \"auto\" or \"eager\".");
        return training.Precision == Precision.BFloat16
            ? new("training.precision", $"is \"bfloat16\", which on a GPU needs the engine \"cuda-graph\": {problem}. Use \"float32\".")
            : null;
    }
}
