using FixupNet.Residual;

namespace FixupNet.Initialization.Schemes;

/// <summary>
/// DeepNorm's: a Transformer's values, attention outputs and feed-forward layers Xavier normal times β, queries and keys Xavier normal; embeddings and an
/// output of its own normal with deviation d^(-1/2).
/// </summary>
/// <remarks>arXiv:2203.00555: β = 0.87 (N⁴M)^(-1/16) in an encoder of N layers, (12M)^(-1/4) in a decoder of M.</remarks>
public sealed record DeepNormScheme : LayerwiseScheme
{
    /// <inheritdoc/>
    public override InputKind Inputs => InputKind.Sentences;

    /// <inheritdoc/>
    protected override void Weight(WeightDraw draw, WeightLayer layer) => draw.Xavier(layer);

    /// <inheritdoc/>
    protected override void BranchLayer(WeightDraw draw, WeightLayer layer, BranchPosition position) =>
        draw.Xavier(layer, layer.Kind is WeightKind.Query or WeightKind.Key or WeightKind.Taps ? 1.0 : Factor(position));

    /// <inheritdoc/>
    protected override void Classifier(WeightDraw draw, WeightLayer layer) => draw.Embedding(layer);

    private static double Factor(BranchPosition position) => position.Side == NetworkSide.Encoder
        ? 0.87 * Math.Pow(Math.Pow(position.Depths.Encoder, 4) * position.Depths.Decoder, -1.0 / 16)
        : Math.Pow(12.0 * position.Depths.Decoder, -0.25);
}
