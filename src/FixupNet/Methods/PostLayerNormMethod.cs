using FixupNet.Residual;

namespace FixupNet.Methods;

/// <summary>Layer normalization after every sum of a Transformer: x ← LN(x + F(x)).</summary>
/// <remarks>arXiv:1706.03762.</remarks>
public sealed record PostLayerNormMethod : SentenceMethod
{
    /// <inheritdoc/>
    public override ResidualBranch Sublayer(BareSublayer bare) => bare.Dressed(bare.Steps, afterSum: [NormalizePositions(bare.NormName, bare.Width)]);
}
