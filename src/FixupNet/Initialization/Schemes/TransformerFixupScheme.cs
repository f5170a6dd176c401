using FixupNet.Residual;

namespace FixupNet.Initialization.Schemes;

/// <summary>Fixup for Transformers: an output of its own and the last layer of each branch are 0, the others Xavier uniform times N^(-1/(2m-2)).</summary>
/// <remarks>
/// arXiv:1901.09321 in the published fairseq fork ("transformer_zero"): N = 2 · encoder layers + 3 · decoder layers, m = 4 in attention, whose joint matrix of
/// queries, keys and values is drawn as the one matrix it is, and m = 2 in feed-forward sub-layers. Attention to the source has the true N, where the fork
/// falls back to 12. Embeddings are normal with deviation d^(-1/2); one that is the output too stays so, for a zero embedding would not learn. A
/// convolution's branch counts m = 2: its taps go through a softmax, so their factor does not change what an update of the branch adds.
/// </remarks>
public sealed record TransformerFixupScheme : LayerwiseScheme
{
    /// <inheritdoc/>
    protected override void Weight(WeightDraw draw, WeightLayer layer) => draw.XavierUniform(layer);

    /// <inheritdoc/>
    protected override void BranchLayer(WeightDraw draw, WeightLayer layer, BranchPosition position)
    {
        if (layer.Kind == WeightKind.Taps) draw.XavierUniform(layer);
        else if (position.IsLast) draw.Zero(layer);
        else draw.XavierUniform(layer, BranchScale.Of(position.BranchCount, position.LayerCount));
    }

    /// <inheritdoc/>
    protected override void Classifier(WeightDraw draw, WeightLayer layer) => draw.Zero(layer);
}
