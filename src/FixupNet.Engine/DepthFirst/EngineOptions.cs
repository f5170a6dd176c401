namespace FixupNet.Engine.DepthFirst;

/// <summary>How the engine keeps activations and their gradients; weights, their gradients and every sum are float32.</summary>
public enum ActivationPrecision
{
    /// <summary>32-bit floating point.</summary>
    Float32,

    /// <summary>bfloat16, in half the memory; not with batch normalization.</summary>
    BFloat16,
}

/// <summary>How a training step is cut and where it may forget.</summary>
/// <param name="Workers">Threads, at least 1; one a core. Part of a run's identity: other workers add gradients in another order (with batch normalization only where they are more than the parts of a batch).</param>
/// <param name="ImagesAtOnce">Images that a worker takes through the network at once, at least 1; with batch normalization the largest batch, which all workers share.</param>
/// <param name="Precision">How activations are kept.</param>
/// <param name="RecomputedBlocks">The first blocks, whose activations are not kept but computed again in the backward pass; 0 keeps all.</param>
/// <param name="SegmentLength">Blocks computed again at once, at least 1.</param>
/// <param name="GradientSums">
/// Sums of gradients in memory, 1 to <paramref name="Workers"/>; workers that share one add to it in turn. Null: one a worker.
/// </param>
public sealed record EngineOptions(
    int Workers,
    int ImagesAtOnce,
    ActivationPrecision Precision = ActivationPrecision.Float32,
    int RecomputedBlocks = 0,
    int SegmentLength = 1,
    int? GradientSums = null);
