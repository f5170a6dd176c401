using FixupNet.Experiments.Configuration;

namespace FixupNet.Experiments.Benchmarks;

/// <summary>What was measured of one contender.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Kind">What computes.</param>
/// <param name="Precision">How activations are kept.</param>
/// <param name="Depth">Depth of its network.</param>
/// <param name="Threads">CPU threads.</param>
/// <param name="Version">Version of the library that computes.</param>
/// <param name="ImagesPerSecondMedian">Images, or what else the network's unit is: median over the rounds, each round being the median of its steps.</param>
/// <param name="ImagesPerSecondMin">The slowest round.</param>
/// <param name="ImagesPerSecondMax">The fastest round.</param>
/// <param name="ImagesPerSecondOfRounds">All rounds in their order.</param>
/// <param name="StepCount">Steps of all rounds.</param>
/// <param name="RatioToPytorchNchw">Median of the ratios within each round; null where PyTorch did not run beside it.</param>
/// <param name="ShareOfFloor">Median of the ratios within each round; above 1 where fewer operations or bits do. Null where not measured.</param>
/// <param name="PeakMemoryBytes">The most memory its process has held.</param>
/// <param name="FirstStepSeconds">Time from the start of its process to the end of its first step.</param>
/// <param name="EngineCreationSeconds">The part of it that made the engine; null for others.</param>
/// <param name="RecordNormsPercent">Time to measure and write the gradient norm of every layer, in percent of a step; null for PyTorch and floor.</param>
/// <param name="Plan">How the step fits into memory; null where nothing was planned.</param>
public sealed record BenchmarkRow(
    string Name, ContenderKind Kind, Precision Precision, int Depth, int Threads, string Version,
    double ImagesPerSecondMedian, double ImagesPerSecondMin, double ImagesPerSecondMax, IReadOnlyList<double> ImagesPerSecondOfRounds, int StepCount,
    double? RatioToPytorchNchw, double? ShareOfFloor, long PeakMemoryBytes, double FirstStepSeconds, double? EngineCreationSeconds,
    double? RecordNormsPercent, string? Plan);
