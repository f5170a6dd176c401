using FixupNet.Residual;

namespace FixupNet.Engine;

/// <summary>ReLU(norm(second(ReLU(norm(first(x))))) + s), where s is x, or a normalized convolution or sub-sampling of x.</summary>
/// <param name="First">A 3×3 convolution.</param>
/// <param name="Stride">Its stride.</param>
/// <param name="FirstNorm">What normalizes it.</param>
/// <param name="Second">A 3×3 convolution of stride 1.</param>
/// <param name="SecondNorm">What normalizes it.</param>
/// <param name="Projection">The convolution on the shortcut; null for none.</param>
/// <param name="ShortcutNorm">What normalizes a shortcut that changes the shape; null where it does not.</param>
internal sealed record NormalizedBlock(
    WeightLayer First, int Stride, NormalizeStep FirstNorm, WeightLayer Second, NormalizeStep SecondNorm, WeightLayer? Projection, NormalizeStep? ShortcutNorm)
{
    /// <summary>Reads a branch.</summary>
    /// <param name="branch">Any branch.</param>
    /// <param name="problem">The first step that does not fit; null where all do.</param>
    /// <returns>The block; null where a step does not fit.</returns>
    internal static NormalizedBlock? Match(ResidualBranch branch, out string? problem)
    {
        var steps = new StepReader(branch.Name, branch.Steps);
        var first = steps.Must<ConvolveStep>(BasicBlock.IsBare, "a 3×3 convolution without a bias");
        var firstNorm = steps.MustNormalize();
        steps.MustRelu();
        var second = steps.Must<ConvolveStep>(step => BasicBlock.IsBare(step) && step.Stride == 1, "a 3×3 convolution of stride 1 without a bias");
        var secondNorm = steps.MustNormalize();
        steps.End();
        var shortcut = new StepReader($"the shortcut of {branch.Name}", branch.ShortcutSteps);
        var (projection, shortcutNorm) = ((ConvolveStep?)null, (NormalizeStep?)null);
        if (branch.ShortcutSteps.Count > 0)
        {
            if (shortcut.May<SubsampleStep>() is null) projection = shortcut.Must<ConvolveStep>(step => step.Conv is { Bias: null, Gain: null }, "sub-sampling, or a convolution without a bias");
            shortcutNorm = shortcut.MustNormalize();
            shortcut.May<PadStep>();
            shortcut.End();
        }
        var after = new StepReader($"what follows the sum of {branch.Name}", branch.AfterSum);
        after.MustRelu();
        after.End();
        problem = steps.Problem ?? shortcut.Problem ?? after.Problem
            ?? (branch.ShortcutStart > 0 ? $"the shortcut of {branch.Name} begins elsewhere than at the block's input" : null);
        return problem is null ? new NormalizedBlock(first!.Conv, first.Stride, firstNorm!, second!.Conv, secondNorm!, projection?.Conv, shortcutNorm) : null;
    }
}
