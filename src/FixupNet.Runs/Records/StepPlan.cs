namespace FixupNet.Runs.Records;

/// <summary>How a training step fits a batch into memory; written to env.json, for sums round differently with the size of their parts.</summary>
/// <param name="MicroBatchSize">Images computed at once; the whole batch where nothing had to be cut.</param>
/// <param name="Recompute">Whether the backward pass computes activations again instead of keeping them all.</param>
/// <param name="PredictedBytes">The most memory that the process is expected to hold, in bytes; null where it is not predicted.</param>
/// <param name="Reason">Why so, in one sentence.</param>
/// <param name="DepthFirst">How the depth-first engine goes about it; null elsewhere.</param>
/// <param name="CudaGraph">Whether a step is one CUDA graph.</param>
public sealed record StepPlan(
    int MicroBatchSize, bool Recompute = false, long? PredictedBytes = null, string Reason = "", DepthFirstPlan? DepthFirst = null, bool CudaGraph = false);

/// <summary>How the depth-first engine computes a step; the micro-batch size is then that of each worker.</summary>
/// <param name="Workers">Threads, each with images of its own.</param>
/// <param name="GradientSums">Sums of gradients in memory; workers that share one add to it in turn.</param>
/// <param name="RecomputedBlocks">The first blocks, whose activations are computed again in the backward pass.</param>
/// <param name="SegmentLength">Blocks computed again at once.</param>
public sealed record DepthFirstPlan(int Workers, int GradientSums, int RecomputedBlocks = 0, int SegmentLength = 1);
