using FixupNet.Residual;

namespace FixupNet.Methods;

/// <summary>Layer normalization before every sub-layer of a Transformer and at the end of either side: x ← x + F(LN(x)).</summary>
/// <remarks>arXiv:2002.04745.</remarks>
public sealed record PreLayerNormMethod : SentenceMethod
{
    /// <inheritdoc/>
    public override ResidualBranch Sublayer(BareSublayer bare) => bare.Dressed([NormalizePositions(bare.NormName, bare.Width), .. bare.Steps]);

    /// <inheritdoc/>
    public override IEnumerable<Step> StackEnd(NetworkSide side, string name, int width) => [NormalizePositions($"{name}.layer_norm", width)];
}
