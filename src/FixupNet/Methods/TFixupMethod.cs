using FixupNet.Residual;

namespace FixupNet.Methods;

/// <summary>T-Fixup: a Transformer without normalization, with nothing but an initialization of its own: x ← x + F(x).</summary>
/// <remarks>Huang, Pérez, Ba, Volkovs, "Improving Transformer Optimization Through Better Initialization", ICML 2020.</remarks>
public sealed record TFixupMethod : SentenceMethod
{
    /// <inheritdoc/>
    public override string SentenceInitialization => "t-fixup";

    /// <inheritdoc/>
    public override ResidualBranch Sublayer(BareSublayer bare) => bare.Dressed(bare.Steps);
}
