using System.ComponentModel;
using FixupNet.Residual;

namespace FixupNet.Methods;

/// <summary>How Stable ResNet's factors go with the block's number l of L.</summary>
public enum StableScaling
{
    /// <summary>1/√L.</summary>
    Uniform,

    /// <summary>1/(√l log(l + 1)).</summary>
    Decreasing,
}

/// <summary>Stable ResNet: a constant factor on every branch, whose squares have a bounded sum at any depth.</summary>
/// <param name="Scaling">Every block's the same, or less from block to block.</param>
/// <remarks>arXiv:2010.12859.</remarks>
public sealed record StableMethod(
    [property: Description("Every block's factor 1/sqrt(L), or less from block to block.")] StableScaling Scaling = StableScaling.Uniform) : PostActivation
{
    /// <inheritdoc/>
    protected override IEnumerable<Step> Multiplier(BareBranch bare) => [Factor(bare.Index + 1.0, bare.Count)];

    /// <inheritdoc/>
    protected override IEnumerable<Step> Multiplier(BareSublayer bare) => [Factor(bare.Index + 1.0, bare.Count)];

    private ScaleStep Factor(double number, int count) =>
        new(Scaling == StableScaling.Uniform ? 1 / Math.Sqrt(count) : 1 / (Math.Sqrt(number) * Math.Log(number + 1)));
}
