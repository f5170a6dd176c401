using FixupNet.Residual;

namespace FixupNet.Methods;

/// <summary>y = s + c F(h) with h = g ReLU(x): what SkipInit and norm-free networks share.</summary>
/// <remarks>As in DeepMind's published code the shortcut begins with h where the shape changes and is x itself where it stays.</remarks>
public abstract record PreActivation : Method
{
    /// <summary>Multiplies every ReLU.</summary>
    private protected virtual double Gain => 1;

    /// <summary>Whether weights are standardized before use.</summary>
    private protected virtual bool Standardizes => false;

    /// <inheritdoc/>
    public override IEnumerable<Step> Stem(BareLayer layer) => [Convolve(layer, bias: Standardizes, standardized: Standardizes)];

    /// <inheritdoc/>
    public override ResidualBranch Branch(BareBranch bare)
    {
        var steps = bare.Layers.SelectMany((layer, i) => (Step[])
            [new ReluStep(i == 0 ? Gain * InputScale(bare) : Gain), Convolve(layer, bare.Name, bias: true, Standardizes)]);
        return ResidualBranch.Of(
            bare.Name, [.. steps, .. Multiplier(bare)], Shortcut(bare, bias: true, Standardizes), shortcutStart: bare.KeepsShape ? 0 : 1, afterSum: []);
    }

    /// <inheritdoc/>
    public override IEnumerable<Step> Head(string name, int featureCount, int classCount) => [new ReluStep(Gain), .. base.Head(name, featureCount, classCount)];

    /// <summary>Multiplies what a block takes.</summary>
    private protected virtual double InputScale(BareBranch bare) => 1;

    /// <summary>What multiplies a branch.</summary>
    private protected abstract IEnumerable<Step> Multiplier(BareBranch bare);
}
