using FixupNet.Engine.DepthFirst;
using FixupNet.Execution;
using FixupNet.Optimization;
using FixupNet.Residual;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Engine;

/// <summary>A network as the engine sees it: shapes, and where parameters and their gradients are in memory.</summary>
internal abstract class EngineNetwork
{
    /// <summary>Classes that it tells apart.</summary>
    internal abstract int ClassCount { get; }

    /// <summary>Cuts a step.</summary>
    /// <exception cref="ArgumentException">Options are out of range.</exception>
    internal abstract IEnginePlan Plan(EngineOptions options);

    /// <summary>Reads a network's description.</summary>
    /// <param name="network">The network.</param>
    /// <param name="gradients">Its gradients; null where only shapes matter.</param>
    /// <param name="height">Height of the images.</param>
    /// <param name="width">Width of the images.</param>
    /// <exception cref="NotSupportedException">A step does not fit, a parameter has no place, or the network is elsewhere than in this machine's memory.</exception>
    internal static EngineNetwork Of(ResidualNetwork network, FlatGradients? gradients, int height, int width)
    {
        var topology = network.Topology;
        var steps = NetworkSteps.Match(topology, out var problem);
        if ((problem ?? DeviceProblem(topology)) is { } reason) throw Refusal(reason);
        var places = new ParameterPlaces(gradients);
        EngineNetwork described = steps!.UsesBatchStatistics
            ? new NormalizedNetwork(steps, places, height, width)
            : new NormFreeNetwork(steps, places, height, width);
        places.RequireAllOf(network);
        return described;
    }

    /// <summary>Why the engine cannot train a network; null where it can.</summary>
    internal static string? WhyNot(ResidualTopology topology)
    {
        _ = NetworkSteps.Match(topology, out var problem);
        return problem ?? DeviceProblem(topology);
    }

    internal static NotSupportedException Refusal(string problem) => new($"The depth-first engine cannot train this network: {problem}.");

    private static string? DeviceProblem(ResidualTopology topology)
    {
        var parameter = topology.Classifier.Weight;
        if (parameter.device_type != DeviceType.CPU) return "it runs on the CPU only";
        return parameter.dtype == ScalarType.Float32 ? null : "it computes in float32 or bfloat16 only";
    }
}
