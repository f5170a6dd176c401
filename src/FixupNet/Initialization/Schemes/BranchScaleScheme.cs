using FixupNet.Residual;

namespace FixupNet.Initialization.Schemes;

/// <summary>Fixup's rule 2 alone, for ablation: every layer of a branch He normal by fan-out times L^(-1/(2m-2)), nothing zero.</summary>
/// <remarks>
/// arXiv:1901.09321, Sec. 3, rule 2. Without rule 1 the last layer of a branch is one like the others and is scaled too: one step
/// changes the branch through layer i by the product of the other layers' squared scales, and only with all m of them at
/// L^(-1/(2m-2)) is that product 1/L for every i. Stem and shortcuts are as in <see cref="FixupScheme"/>, the classifier keeps the
/// framework's default. A branch of one layer has no such factor and is refused.
/// </remarks>
public sealed record BranchScaleScheme : LayerwiseScheme
{
    /// <inheritdoc/>
    protected override void Weight(WeightDraw draw, WeightLayer layer) => draw.HeFanOut(layer);

    /// <inheritdoc/>
    protected override void Stem(WeightDraw draw, WeightLayer layer) => draw.FrameworkDefault(layer);

    /// <inheritdoc/>
    protected override void BranchLayer(WeightDraw draw, WeightLayer layer, BranchPosition position) =>
        draw.HeFanOut(layer, BranchScale.Of(position.BranchCount, position.LayerCount));
}
