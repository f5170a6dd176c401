using FixupNet.Engine.DepthFirst;
using FixupNet.Execution;

namespace FixupNet.Engine;

/// <summary>Tells how much memory an engine would take, before there is one.</summary>
public sealed class EngineMemory
{
    private readonly EngineNetwork _network;

    /// <summary>Notes the shapes of a network, and nothing else of it.</summary>
    /// <param name="network">A network for which <see cref="DepthFirstEngine.WhyNot"/> is null.</param>
    /// <param name="height">Height of the images.</param>
    /// <param name="width">Width of the images.</param>
    public EngineMemory(ResidualNetwork network, int height, int width)
    {
        _network = EngineNetwork.Of(network, null, height, width);
        (BlockCount, NeedsWholeBatch) = (network.Topology.BranchCount, network.Topology.UsesBatchStatistics);
    }

    /// <summary>Blocks of the network.</summary>
    public int BlockCount { get; }

    /// <summary>Whether the images of a batch see each other: all of them are computed at once, and no block can be computed again.</summary>
    public bool NeedsWholeBatch { get; }

    /// <summary>Bytes beside the parameters, their gradients and the optimizer's state.</summary>
    /// <param name="options">How a step would be cut.</param>
    /// <exception cref="ArgumentException">Options are out of range.</exception>
    public long Bytes(EngineOptions options) => _network.Plan(options).Bytes;
}
