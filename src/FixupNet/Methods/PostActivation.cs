using FixupNet.Residual;

namespace FixupNet.Methods;

/// <summary>y = ReLU(d (s + c F(x))) with bare convolutions in F and nothing else: what plain, ReZero, Stable ResNet and √½-scaling share.</summary>
public abstract record PostActivation : Method
{
    /// <inheritdoc/>
    public override string DefaultInitialization => "he-fan-out";

    /// <inheritdoc/>
    public override InputKind Inputs => InputKind.Images | InputKind.Sentences;

    /// <inheritdoc/>
    public override IEnumerable<Step> Stem(BareLayer layer) => [Convolve(layer), new ReluStep()];

    /// <inheritdoc/>
    public override ResidualBranch Branch(BareBranch bare)
    {
        var steps = bare.Layers.SelectMany((layer, i) => i == 0 ? (Step[])[Convolve(layer, bare.Name)] : [new ReluStep(), Convolve(layer, bare.Name)]);
        return ResidualBranch.Of(bare.Name, [.. steps, .. Multiplier(bare)], Shortcut(bare), shortcutStart: 0, [.. AfterSum, new ReluStep()]);
    }

    /// <inheritdoc/>
    public override ResidualBranch Sublayer(BareSublayer bare) => bare.Dressed([.. bare.Steps, .. Multiplier(bare)], afterSum: [.. AfterSum]);

    /// <summary>What multiplies a branch; nothing by default.</summary>
    /// <param name="bare">The branch.</param>
    protected virtual IEnumerable<Step> Multiplier(BareBranch bare) => [];

    /// <summary>What multiplies a sub-layer of a Transformer; nothing by default.</summary>
    /// <param name="bare">The sub-layer.</param>
    protected virtual IEnumerable<Step> Multiplier(BareSublayer bare) => [];

    /// <summary>What stands between the sum and the activation; nothing by default.</summary>
    protected virtual IEnumerable<Step> AfterSum => [];
}
