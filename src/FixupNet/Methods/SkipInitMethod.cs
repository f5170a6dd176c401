using FixupNet.Residual;

namespace FixupNet.Methods;

/// <summary>SkipInit: ordinary convolutions with biases and a learned multiplier on every branch, 0 at first.</summary>
/// <remarks>arXiv:2002.10444. As in the published code the stem has neither bias nor activation.</remarks>
public sealed record SkipInitMethod : PreActivation
{
    /// <inheritdoc/>
    public override string DefaultInitialization => "he-fan-out";

    private protected override IEnumerable<Step> Multiplier(BareBranch bare) => [Multiply($"{bare.Name}.skip_gain", start: 0)];
}
