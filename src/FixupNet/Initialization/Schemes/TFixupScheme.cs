using FixupNet.Residual;

namespace FixupNet.Initialization.Schemes;

/// <summary>
/// T-Fixup: a Transformer's values, attention outputs and feed-forward layers Xavier uniform times 0.67·N^(-1/4) in an encoder of N layers and (9M)^(-1/4)
/// in a decoder of M; embeddings normal with deviation d^(-1/2) times (9N)^(-1/4) and (9M)^(-1/4).
/// </summary>
/// <remarks>
/// Huang et al., ICML 2020, in the published code's form, which leaves queries and keys at 2^(-1/2) times Xavier where the paper has 1. An embedding that
/// both languages share has the encoder's factor; an output of its own has none.
/// </remarks>
public sealed record TFixupScheme : LayerwiseScheme
{
    /// <inheritdoc/>
    public override InputKind Inputs => InputKind.Sentences;

    /// <inheritdoc/>
    protected override void Weight(WeightDraw draw, WeightLayer layer) => draw.XavierUniform(layer);

    /// <inheritdoc/>
    protected override void BranchLayer(WeightDraw draw, WeightLayer layer, BranchPosition position)
    {
        if (layer.Kind is WeightKind.Query or WeightKind.Key) draw.XavierUniform(layer, Math.Sqrt(0.5));
        else if (layer.Kind == WeightKind.Taps) draw.XavierUniform(layer);
        else draw.XavierUniform(layer, Factor(position));
    }

    /// <inheritdoc/>
    protected override void Embedding(WeightDraw draw, WeightLayer layer, ResidualTopology topology)
    {
        var isEncoders = ReferenceEquals(layer.Weight, topology.Stem[0].Weight);
        draw.Embedding(layer, Math.Pow(9.0 * (isEncoders ? topology.Depths.Encoder : topology.Depths.Decoder), -0.25));
    }

    /// <inheritdoc/>
    protected override void Classifier(WeightDraw draw, WeightLayer layer) => draw.Embedding(layer);

    private static double Factor(BranchPosition position) => position.Side == NetworkSide.Encoder
        ? 0.67 * Math.Pow(position.Depths.Encoder, -0.25)
        : Math.Pow(9.0 * position.Depths.Decoder, -0.25);
}
