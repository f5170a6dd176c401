using FixupNet.Optimization.GradientTransforms;

namespace FixupNet.Engine.Cuda;

/// <summary>What a step measured, before its update.</summary>
/// <param name="Loss">Mean cross-entropy of the batch, in nats.</param>
/// <param name="Correct">Images classified right; with mixup weighted by the shares of both labels.</param>
/// <param name="TotalSquare">Σg² over every parameter.</param>
/// <param name="Squares">Σg² of each parameter, in the order of the optimizer's gradients.</param>
/// <param name="Updated">Whether the parameters were changed.</param>
/// <param name="ParametersFinite">Whether every parameter is finite after the update.</param>
/// <param name="Transformed">What became of the gradient before the update; null where there are no gradient transforms.</param>
public sealed record CudaStepResult(
    double Loss, double Correct, double TotalSquare, double[] Squares, bool Updated, bool ParametersFinite, TransformedGradient? Transformed);
