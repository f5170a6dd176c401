using FixupNet.Residual;

namespace FixupNet.Initialization.Schemes;

/// <summary>He normal by fan-in for every convolution, stem and shortcuts included; the classifier keeps the framework's default.</summary>
/// <remarks>arXiv:1502.01852, Sec. 2.2, forward form: σ = sqrt(2/fan_in).</remarks>
public sealed record HeFanInScheme : LayerwiseScheme
{
    /// <inheritdoc/>
    protected override void Weight(WeightDraw draw, WeightLayer layer) => draw.HeFanIn(layer);
}
