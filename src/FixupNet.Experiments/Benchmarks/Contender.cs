using FixupNet.Experiments.Configuration;

namespace FixupNet.Experiments.Benchmarks;

/// <summary>One process of a benchmark: what computes which training step.</summary>
/// <param name="Kind">What computes.</param>
/// <param name="Depth">Depth of the network.</param>
/// <param name="BatchSize">Examples of a step.</param>
/// <param name="Threads">CPU threads.</param>
/// <param name="Precision">How the depth-first engine keeps activations; the others compute in float32.</param>
/// <param name="MemoryBudget">What the depth-first engine may take, as in a train document; null for its default.</param>
/// <param name="Device">Where it computes: cpu, cuda or cuda:N.</param>
/// <param name="Variant">The method, by its name.</param>
public sealed record Contender(
    ContenderKind Kind, int Depth, int BatchSize, int Threads, Precision Precision = Precision.Float32, string? MemoryBudget = null,
    string Device = "cpu", string Variant = "fixup")
{
    /// <summary>The model.</summary>
    public BenchmarkModel Model { get; init; } = BenchmarkModel.All[0];

    /// <summary>Whether both compute the same network on as many threads, so that their times compare.</summary>
    /// <param name="other">Another one.</param>
    public bool IsBeside(Contender other) => Depth == other.Depth && BatchSize == other.BatchSize && Threads == other.Threads;
}
