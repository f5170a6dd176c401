using FixupNet.Residual;

namespace FixupNet.Initialization.Schemes;

/// <summary>The BatchNorm baseline published with Fixup: He normal by fan-out, the last norm of each branch 0, classifier default.</summary>
/// <remarks>The zero gain makes every block start as the identity (arXiv:1706.02677, Sec. 5.1).</remarks>
public sealed record BatchNormScheme : LayerwiseScheme
{
    /// <inheritdoc/>
    protected override double LastNormGain => 0.0;

    /// <inheritdoc/>
    protected override void Weight(WeightDraw draw, WeightLayer layer) => draw.HeFanOut(layer);
}
