using FixupNet.Residual;

namespace FixupNet.Initialization.Schemes;

/// <summary>He normal by fan-out for every convolution, stem and shortcuts included; the classifier keeps the framework's default.</summary>
/// <remarks>arXiv:1502.01852, Sec. 2.2, backward form: σ = sqrt(2/fan_out). It does not know of depth: activations explode.</remarks>
public sealed record HeFanOutScheme : LayerwiseScheme
{
    /// <inheritdoc/>
    protected override void Weight(WeightDraw draw, WeightLayer layer) => draw.HeFanOut(layer);
}
