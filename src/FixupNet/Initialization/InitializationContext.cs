using FixupNet.Residual;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace FixupNet.Initialization;

/// <summary>Computes class scores for a scheme.</summary>
/// <param name="images">Images [N,C,H,W].</param>
/// <param name="batchStatistics">Whether batch normalization takes the batch's statistics, as in training, or the running ones.</param>
/// <param name="layerOutput">
/// Called with the name and output of each weight layer, right after the layer; it may change the output in place. Null where nobody looks.
/// </param>
/// <returns>Logits [N,K].</returns>
public delegate Tensor SchemeForward(Tensor images, bool batchStatistics, Action<string, Tensor>? layerOutput);

/// <summary>Some training examples.</summary>
/// <param name="Images">Images [N,C,H,W] of the network's dtype and device.</param>
/// <param name="Labels">Class indices [N], int64.</param>
public sealed record SchemeSample(Tensor Images, Tensor Labels);

/// <summary>Draws training examples for a scheme; the same arguments give the same examples.</summary>
/// <param name="index">Which draw, from 0.</param>
/// <param name="count">How many, at least 1.</param>
public delegate SchemeSample SchemeData(int index, int count);

/// <summary>What a scheme works with.</summary>
/// <param name="Topology">The network.</param>
/// <param name="Generator">The only source of randomness; global random state is neither read nor changed.</param>
public sealed record InitializationContext(ResidualTopology Topology, Generator Generator)
{
    /// <summary>Computes the network; null where no scheme needs it.</summary>
    public SchemeForward? Forward { get; init; }

    /// <summary>Draws training examples; null where no scheme needs them.</summary>
    public SchemeData? Data { get; init; }

    /// <summary>The loss of logits [N,K] and labels [N], a scalar; by default the mean cross-entropy.</summary>
    public Func<Tensor, Tensor, Tensor> Loss { get; init; } = (logits, labels) => F.cross_entropy(logits, labels);

    /// <summary>Computes class scores.</summary>
    /// <exception cref="ArgumentException">There is no forward pass.</exception>
    internal Tensor Scores(Tensor images, bool batchStatistics = false, Action<string, Tensor>? layerOutput = null) =>
        Forward is null ? throw Missing("forward pass") : Forward(images, batchStatistics, layerOutput);

    /// <summary>Draws training examples.</summary>
    /// <exception cref="ArgumentException">There are none.</exception>
    internal SchemeSample Draw(int index, int count) => Data is null ? throw Missing("training examples") : Data(index, count);

    private static ArgumentException Missing(string what) => new($"This scheme needs {what}, which the context lacks.");
}
