namespace FixupNet.Experiments.Benchmarks;

/// <summary>Contenders that take turns.</summary>
/// <param name="Depth">The depth that is measured.</param>
/// <param name="Rounds">Turns of each.</param>
/// <param name="Contenders">Who takes turns, in this order.</param>
internal sealed record BenchmarkHeat(int Depth, int Rounds, IReadOnlyList<Contender> Contenders);
