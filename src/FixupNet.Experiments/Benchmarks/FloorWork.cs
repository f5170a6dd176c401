using FixupNet.Engine;
using FixupNet.Execution;

namespace FixupNet.Experiments.Benchmarks;

/// <summary>The machine's own limit: the multiply-adds of a step's convolutions, computed directly, at the speed at which registers multiply.</summary>
/// <param name="contender">Which network.</param>
internal sealed class FloorWork(Contender contender) : IContenderWork
{
    // Those of other methods have the same convolutions.
    private readonly ResidualNetwork _network = contender.Model.Create(contender.Model.Method, contender.Depth);

    /// <inheritdoc/>
    public ContenderReady Begin()
    {
        var limits = MachineLimits.Measure(contender.Threads);
        return new ContenderReady(FormattableString.Invariant(
            $"{2e-9 * limits.MultiplyAddsPerSecond:F0} GFLOP/s in registers, {1e-9 * limits.BytesPerSecond:F1} GB/s of memory"));
    }

    /// <inheritdoc/>
    public (double StepSeconds, double? RecordSeconds) Step() =>
        (DepthFirstEngine.MultiplyAdds(_network, contender.Model.Size, contender.Model.Size, contender.BatchSize)
            / MachineLimits.MeasureMultiplyAdds(contender.Threads), null);

    /// <inheritdoc/>
    public void Dispose() => _network.Dispose();
}
