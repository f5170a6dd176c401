namespace FixupNet.Experiments.Benchmarks;

/// <summary>What a contender says after each round.</summary>
/// <param name="StepSeconds">Time of every step, in their order; one at least.</param>
/// <param name="PeakMemoryBytes">The most memory its process has held so far.</param>
/// <param name="RecordSeconds">Time to measure and write the gradient norm of every layer, after every step; null where that is not done.</param>
public sealed record ContenderRound(IReadOnlyList<double> StepSeconds, long PeakMemoryBytes, IReadOnlyList<double>? RecordSeconds = null);
