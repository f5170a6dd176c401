using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using FixupNet.Residual;

namespace FixupNet.Initialization.Schemes;

/// <summary>Delta-orthogonal: an orthogonal matrix at the centre of every kernel of a branch and 0 around it, so that a convolution keeps norms.</summary>
/// <param name="Gain">σ_w, in (0, 100]; √2 is the critical line of ReLU, <see cref="CriticalLine"/> computes others.</param>
/// <remarks>
/// arXiv:1806.05393, Sec. 2.4. As there, the first layer and layers of stride above 1 are normal: stem, shortcuts, strided layers, and those with fewer
/// outputs than inputs, which cannot be orthogonal in this sense, are He normal by fan-out. The classifier keeps the framework's default.
/// </remarks>
public sealed record DeltaOrthogonalScheme(
    [property: Description("Multiplies every orthonormal centre."), Range(1e-6, 100.0)] double Gain = 1.4142135623730951) : LayerwiseScheme
{
    /// <inheritdoc/>
    public override InputKind Inputs => InputKind.Images;

    /// <inheritdoc/>
    protected override void Weight(WeightDraw draw, WeightLayer layer) => draw.HeFanOut(layer);

    /// <inheritdoc/>
    protected override void BranchLayer(WeightDraw draw, WeightLayer layer, BranchPosition position)
    {
        if (position.Stride == 1 && layer.Weight.shape[0] >= layer.Weight.shape[1]) draw.DeltaOrthogonal(layer, Gain);
        else draw.HeFanOut(layer);
    }
}
