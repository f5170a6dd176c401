using FixupNet.Residual;

namespace FixupNet.Methods;

/// <summary>ReZero: a learned multiplier on every branch, 0 at first.</summary>
/// <remarks>arXiv:2003.04887. Its published CIFAR networks keep batch normalization and add the shortcut after the ReLU; here is what the method says.</remarks>
public sealed record ReZeroMethod : PostActivation
{
    /// <inheritdoc/>
    protected override IEnumerable<Step> Multiplier(BareBranch bare) => [Multiply($"{bare.Name}.resweight", start: 0)];

    // One for all sub-layers of a layer, as published.
    /// <inheritdoc/>
    protected override IEnumerable<Step> Multiplier(BareSublayer bare) => [bare.Layer.Shared(() => Multiply($"{bare.Layer.Name}.resweight", start: 0))];
}
