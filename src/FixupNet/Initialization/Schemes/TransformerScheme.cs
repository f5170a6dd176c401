using FixupNet.Residual;

namespace FixupNet.Initialization.Schemes;

/// <summary>
/// Xavier uniform for every layer, of queries, keys and values times 2^(-1/2); embeddings and an output of its own normal with deviation d^(-1/2); biases 0.
/// </summary>
/// <remarks>
/// fairseq's, but for the biases of queries, keys and values, which it leaves at the framework's default. A lightweight convolution's taps [heads,1,K] are
/// Xavier uniform too; what makes a dynamic one's keeps the framework's default, as fairseq's Python class does, not its CUDA class.
/// </remarks>
public sealed record TransformerScheme : LayerwiseScheme
{
    /// <inheritdoc/>
    protected override void Weight(WeightDraw draw, WeightLayer layer)
    {
        if (layer.Kind == WeightKind.Taps && layer.Weight.shape.Length == 2) draw.FrameworkDefault(layer);
        else draw.XavierUniform(layer, layer.Kind is WeightKind.Query or WeightKind.Key or WeightKind.Value ? Math.Sqrt(0.5) : 1.0);
    }

    /// <inheritdoc/>
    protected override void Classifier(WeightDraw draw, WeightLayer layer) => draw.Embedding(layer);
}
