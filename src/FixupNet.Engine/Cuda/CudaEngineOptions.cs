namespace FixupNet.Engine.Cuda;

/// <summary>How the steps of a network are computed on a card.</summary>
/// <param name="MicroBatchSize">Images computed at once, at least 1; the gradients of a batch's parts are added up.</param>
/// <param name="BFloat16">Activations in bfloat16 with float32 sums and weights; otherwise in the parameters' type.</param>
/// <param name="Fused">The kernels of this project where they fit the blocks, in bfloat16; otherwise libtorch's everywhere.</param>
/// <param name="Captured">The whole step as one graph; otherwise kernel by kernel.</param>
/// <param name="StopAtNonFinite">Leaves the weights alone from the first loss or gradient on that is not finite.</param>
/// <param name="StopAtLossAbove">Leaves the weights alone after the first step with a larger loss.</param>
/// <param name="Recompute">Keeps only every few stages' inputs of what libtorch computes, and computes the rest again in the backward pass: the same bits.</param>
/// <param name="MeasuresNorms">False leaves gradient norms at 0, unmeasured, and gradients unchecked: for measuring what that costs.</param>
/// <param name="LabelSmoothing">The share of each label that is spread over all classes, in [0, 1).</param>
public sealed record CudaEngineOptions(
    int MicroBatchSize, bool BFloat16 = false, bool Fused = true, bool Captured = true, bool StopAtNonFinite = true,
    double StopAtLossAbove = double.PositiveInfinity, bool Recompute = false, bool MeasuresNorms = true, double LabelSmoothing = 0);
