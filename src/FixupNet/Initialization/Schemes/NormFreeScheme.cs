using FixupNet.Residual;

namespace FixupNet.Initialization.Schemes;

/// <summary>As norm-free networks are published: convolutions LeCun normal before they are standardized, the classifier normal with σ = 0.01.</summary>
/// <remarks>arXiv:2101.08692 and its published code.</remarks>
public sealed record NormFreeScheme : LayerwiseScheme
{
    private const double ClassifierDeviation = 0.01;

    /// <inheritdoc/>
    protected override void Weight(WeightDraw draw, WeightLayer layer) => draw.LeCun(layer);

    /// <inheritdoc/>
    protected override void Classifier(WeightDraw draw, WeightLayer layer) => draw.Normal(layer, ClassifierDeviation);
}
