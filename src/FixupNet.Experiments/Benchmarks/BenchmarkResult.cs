namespace FixupNet.Experiments.Benchmarks;

/// <summary>What a benchmark measured. Only ratios within one result mean anything: a machine's clock changes from call to call.</summary>
/// <param name="Environment">What it ran on.</param>
/// <param name="BatchSize">Images of a step.</param>
/// <param name="SecondsPerRound">Time of a turn.</param>
/// <param name="Networks">One a depth.</param>
/// <param name="Notes">Who was left out, and why.</param>
public sealed record BenchmarkResult(
    BenchmarkEnvironment Environment, int BatchSize, double SecondsPerRound, IReadOnlyList<BenchmarkNetwork> Networks, IReadOnlyList<string> Notes);
