using TorchSharp.Modules;

namespace FixupNet.Residual;

/// <summary>One residual branch F of x + F(x): a block of the network.</summary>
/// <param name="Name">The block's state-dict path, such as "layer1.0".</param>
/// <param name="Layers">The branch's weight layers in forward order, at least one; their number is the paper's m.</param>
/// <param name="Shortcut">The weight layer on the shortcut, if there is one.</param>
/// <param name="Multiplier">The scalar that multiplies the branch's output, if there is one.</param>
/// <param name="Biases">The scalar biases in the branch.</param>
/// <param name="Norms">The branch's normalization layers in forward order.</param>
/// <param name="ShortcutNorm">The normalization layer on the shortcut, if there is one.</param>
public sealed record ResidualBranch(
    string Name,
    IReadOnlyList<WeightLayer> Layers,
    WeightLayer? Shortcut = null,
    Parameter? Multiplier = null,
    IReadOnlyList<Parameter>? Biases = null,
    IReadOnlyList<NormLayer>? Norms = null,
    NormLayer? ShortcutNorm = null)
{
    /// <summary>The scalar biases in the branch; empty if there are none.</summary>
    public IReadOnlyList<Parameter> Biases { get; } = Biases ?? [];

    /// <summary>The branch's normalization layers in forward order; empty if there are none.</summary>
    public IReadOnlyList<NormLayer> Norms { get; } = Norms ?? [];

    /// <summary>The weight layers of branch and shortcut, the shortcut last.</summary>
    internal IEnumerable<WeightLayer> WeightLayers => Shortcut is null ? Layers : Layers.Append(Shortcut);

    /// <summary>The normalization layers of branch and shortcut, the shortcut last.</summary>
    internal IEnumerable<NormLayer> NormLayers => ShortcutNorm is null ? Norms : Norms.Append(ShortcutNorm);

    /// <summary>The scalar biases, then the multiplier.</summary>
    internal IEnumerable<Parameter> Scalars => Multiplier is null ? Biases : Biases.Append(Multiplier);
}
