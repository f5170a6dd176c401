using FixupNet.Residual;

namespace FixupNet.Initialization.Schemes;

/// <summary>Fixup's rule 1 alone, for ablation: classifier and branch ends 0, all else in the branches He normal by fan-out, unscaled.</summary>
/// <remarks>arXiv:1901.09321, Sec. 3, rule 1. Stem and shortcuts are as in <see cref="FixupScheme"/>, so that the two differ by one rule.</remarks>
public sealed record ZeroLastLayerScheme : LayerwiseScheme
{
    /// <inheritdoc/>
    protected override void Weight(WeightDraw draw, WeightLayer layer) => draw.HeFanOut(layer);

    /// <inheritdoc/>
    protected override void Stem(WeightDraw draw, WeightLayer layer) => draw.FrameworkDefault(layer);

    /// <inheritdoc/>
    protected override void BranchLayer(WeightDraw draw, WeightLayer layer, BranchPosition position)
    {
        if (position.IsLast) draw.Zero(layer);
        else draw.HeFanOut(layer);
    }

    /// <inheritdoc/>
    protected override void Classifier(WeightDraw draw, WeightLayer layer) => draw.Zero(layer);
}
