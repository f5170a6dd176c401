using FixupNet.Engine;
using FixupNet.Models;
using FixupNet.Models.Architectures;
using FixupNet.Training.Data;

namespace FixupNet.Experiments.Benchmarks;

/// <summary>The convolutions of a step alone, each of its shapes measured and counted as often as the network has it.</summary>
/// <param name="contender">Which network.</param>
internal sealed class FloorWork(Contender contender) : IContenderWork
{
    // That of BatchNorm has the same convolutions.
    private readonly ResNetCifar _network = new(new ResNetCifarOptions(ResidualVariant.Fixup, contender.Depth));

    /// <inheritdoc/>
    public ContenderReady Begin()
    {
        Step();
        return new ContenderReady($"oneDNN {DepthFirstEngine.LibraryVersion}");
    }

    /// <inheritdoc/>
    public (double StepSeconds, double? RecordSeconds) Step() =>
        (DepthFirstEngine.ConvolutionFloor(_network, ImageSet.Side, ImageSet.Side, contender.Threads, contender.BatchSize).TotalSeconds, null);

    /// <inheritdoc/>
    public void Dispose() => _network.Dispose();
}
