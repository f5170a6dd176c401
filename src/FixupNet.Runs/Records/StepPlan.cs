namespace FixupNet.Runs.Records;

/// <summary>How a training step fits a batch into memory; written to env.json, for sums round differently with the size of their parts.</summary>
/// <param name="MicroBatchSize">Images computed at once; the whole batch where nothing had to be cut.</param>
/// <param name="Recompute">Whether the backward pass computes activations again instead of keeping them all.</param>
/// <param name="PredictedBytes">The most memory that the process is expected to hold, in bytes; null where it is not predicted.</param>
/// <param name="Reason">Why so, in one sentence.</param>
public sealed record StepPlan(int MicroBatchSize, bool Recompute = false, long? PredictedBytes = null, string Reason = "");
