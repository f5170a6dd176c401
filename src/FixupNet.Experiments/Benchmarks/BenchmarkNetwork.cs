namespace FixupNet.Experiments.Benchmarks;

/// <summary>What was measured of one network.</summary>
/// <param name="Model">Name of the model.</param>
/// <param name="Variant">Its variant.</param>
/// <param name="Depth">Its depth.</param>
/// <param name="ParameterCount">Numbers it learns.</param>
/// <param name="Rounds">Turns of each contender.</param>
/// <param name="Rows">One a contender, in the order of their turns.</param>
/// <param name="CoresRatio">How many times as fast the engine in float32 is on all threads as on one; null where not measured.</param>
/// <param name="Unit">What speeds are counted in: "images", or "words" of the target, which then stand where names say images.</param>
/// <param name="Size">Side of its images, in pixels, or words of its sentences.</param>
/// <param name="LayerTimeRatioToDepth110">Time a layer of the engine, relative to depth 110; null where not measured.</param>
public sealed record BenchmarkNetwork(
    string Model, string Variant, int Depth, long ParameterCount, int Rounds, IReadOnlyList<BenchmarkRow> Rows,
    double? CoresRatio, string Unit, int Size, double? LayerTimeRatioToDepth110);
