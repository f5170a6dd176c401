using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using FixupNet.Residual;

namespace FixupNet.Methods;

/// <summary>Norm-free ResNet: standardized weights with gains, ReLUs that keep the variance, and blocks that know the variance they take.</summary>
/// <param name="Alpha">α, by which a branch adds to the variance, in (0, 1].</param>
/// <param name="SkipGain">Whether a learned multiplier, 0 at first, stands at the end of every branch too.</param>
/// <remarks>
/// arXiv:2101.08692 and its published code: y = s + α·gain·F(β·h), β = 1/σ, where σ² grows by α² from block to block and begins anew at 1 with
/// every stage. The shortcut without projection is not the paper's; it halves the variance where a stage begins, and the bookkeeping is kept as published.
/// </remarks>
public sealed record NormFreeMethod(
    [property: Description("How much a branch adds to the variance."), Range(1e-6, 1.0)] double Alpha = 0.2,
    [property: Description("A learned multiplier, 0 at first, at the end of every branch.")] bool SkipGain = true) : PreActivation
{
    // √(2/(1 − 1/π)) as the published code has it.
    private const double ReluGain = 1.7139588594436646;

    /// <inheritdoc/>
    public override string DefaultInitialization => "normfree";

    private protected override double Gain => ReluGain;

    private protected override bool Standardizes => true;

    // The first block of a stage takes what all of the stage before added up.
    private protected override double InputScale(BareBranch bare)
    {
        var added = bare.StageIndex > 0 ? bare.StageIndex : bare.StageBefore;
        return 1 / Math.Sqrt(1 + added * Alpha * Alpha);
    }

    private protected override IEnumerable<Step> Multiplier(BareBranch bare) =>
        SkipGain ? [Multiply($"{bare.Name}.skip_gain", start: 0), new ScaleStep(Alpha)] : [new ScaleStep(Alpha)];
}
