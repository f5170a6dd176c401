using FixupNet.Residual;

namespace FixupNet.Initialization.Schemes;

/// <summary>Xavier normal for every convolution, stem and shortcuts included; the classifier keeps the framework's default.</summary>
/// <remarks>Glorot and Bengio 2010, eq. 12: variance 2/(fan_in + fan_out), here of a normal distribution.</remarks>
public sealed record XavierScheme : LayerwiseScheme
{
    /// <inheritdoc/>
    protected override void Weight(WeightDraw draw, WeightLayer layer) => draw.Xavier(layer);
}
