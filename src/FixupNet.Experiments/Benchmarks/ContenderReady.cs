namespace FixupNet.Experiments.Benchmarks;

/// <summary>What a contender says once, after its first step.</summary>
/// <param name="Version">Version of the library that computes.</param>
/// <param name="CreationSeconds">Time to make the engine, the choice of its algorithms included; null for contenders without one.</param>
/// <param name="Plan">How the step fits into memory; null where nothing was planned.</param>
/// <param name="ParameterCount">Numbers that PyTorch's network learns; null for our own.</param>
public sealed record ContenderReady(string Version, double? CreationSeconds = null, string? Plan = null, long? ParameterCount = null);
