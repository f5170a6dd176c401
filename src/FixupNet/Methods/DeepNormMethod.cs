using FixupNet.Residual;

namespace FixupNet.Methods;

/// <summary>DeepNorm: layer normalization after every sum of a Transformer, whose shortcut is multiplied by a constant that grows with depth.</summary>
/// <remarks>arXiv:2203.00555: x ← LN(α x + F(x)), α = 0.81 (N⁴M)^(1/16) in an encoder of N layers, (3M)^(1/4) in a decoder of M.</remarks>
public sealed record DeepNormMethod : SentenceMethod
{
    /// <inheritdoc/>
    public override string SentenceInitialization => "deepnorm";

    /// <inheritdoc/>
    public override ResidualBranch Sublayer(BareSublayer bare) => bare.Dressed(
        bare.Steps, [new ScaleStep(ShortcutFactor(bare.Layer.Side, bare.Layer.Depths))], [NormalizePositions(bare.NormName, bare.Width)]);

    /// <summary>α.</summary>
    internal static double ShortcutFactor(NetworkSide side, StackDepths depths) => side == NetworkSide.Encoder
        ? 0.81 * Math.Pow(Math.Pow(depths.Encoder, 4) * depths.Decoder, 1.0 / 16)
        : Math.Pow(3.0 * depths.Decoder, 0.25);
}
