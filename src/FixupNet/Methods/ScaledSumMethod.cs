using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using FixupNet.Residual;

namespace FixupNet.Methods;

/// <summary>√½-scaling: plain with every block's output multiplied by a constant, so that sum and input have one variance.</summary>
/// <param name="Factor">The constant, above 0 and at most 1; √½ by default.</param>
/// <remarks>arXiv:1702.08591, Sec. 3; a baseline of arXiv:1901.09321's figure 3. The signal keeps its size, but a branch's share of the output falls with the blocks after it.</remarks>
public sealed record ScaledSumMethod(
    [property: Description("Multiplies every block's sum of shortcut and branch."), Range(1e-6, 1.0)] double Factor = ScaledSumMethod.SqrtHalf) : PostActivation
{
    private const double SqrtHalf = 0.70710678118654752;

    /// <inheritdoc/>
    protected override IEnumerable<Step> AfterSum => [new ScaleStep(Factor)];
}
