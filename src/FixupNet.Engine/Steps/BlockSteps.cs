using FixupNet.Residual;
using TorchSharp.Modules;

namespace FixupNet.Engine.Steps;

/// <summary>A convolution of a block and what follows it.</summary>
internal sealed record BlockLayer(ConvolveStep Convolution, Between After);

/// <summary>
/// A residual block as convolutions and what stands between them: after(factor·(last(… first(before(x))) + s)), where s is x, or what the first convolution takes,
/// or a convolution or sub-sampling of that, normalized or not.
/// </summary>
/// <param name="Name">The block's state-dict path.</param>
/// <param name="HasReluBefore">Whether the branch begins with a ReLU.</param>
/// <param name="GainBefore">What that ReLU is multiplied by.</param>
/// <param name="ShiftBefore">A number added before the first convolution.</param>
/// <param name="Layers">The convolutions, and what follows each.</param>
/// <param name="Shortcut">What stands on the shortcut.</param>
/// <param name="SumFactor">What multiplies the sum.</param>
/// <param name="EndsWithRelu">Whether a ReLU follows.</param>
internal sealed record BlockSteps(
    string Name, bool HasReluBefore, double GainBefore, Parameter? ShiftBefore, IReadOnlyList<BlockLayer> Layers, ShortcutSteps Shortcut, double SumFactor, bool EndsWithRelu)
{
    /// <summary>Reads a branch.</summary>
    /// <param name="branch">Any branch.</param>
    /// <param name="problem">The first step that does not fit; null where all do.</param>
    /// <returns>The block; null where a step does not fit.</returns>
    internal static BlockSteps? Match(ResidualBranch branch, out string? problem)
    {
        var steps = new StepReader(branch.Name, branch.Steps);
        var relu = steps.May<ReluStep>();
        var shift = steps.May<ShiftStep>();
        var layers = new List<BlockLayer>();
        do
        {
            var convolution = steps.Must<ConvolveStep>(IsOdd, "a convolution with an odd kernel");
            if (convolution is not null) layers.Add(new BlockLayer(convolution, Between.Read(steps)));
        }
        while (!steps.IsAtEnd);
        var shortcut = ShortcutSteps.Read(branch, out var shortcutProblem);
        var after = new StepReader($"what follows the sum of {branch.Name}", branch.AfterSum);
        var factor = after.May<ScaleStep>();
        if (relu is null) after.MustRelu();
        after.End();
        var before = (relu is null ? 0 : 1) + (shift is null ? 0 : 1);
        problem = steps.Problem ?? shortcutProblem ?? after.Problem
            ?? (branch.ShortcutStart == 0 || branch.ShortcutStart == before ? null : $"the shortcut of {branch.Name} begins elsewhere than at the block's or the first convolution's input")
            ?? Problem(branch.Name, layers)
            ?? ProblemBefore(branch.Name, relu is not null, shift is not null, shortcut);
        return problem is null
            ? new BlockSteps(branch.Name, relu is not null, relu?.Gain ?? 1, shift?.Bias, layers, shortcut, factor?.Factor ?? 1, EndsWithRelu: relu is null)
            : null;
    }

    /// <summary>Whether a convolution's padding keeps the size.</summary>
    internal static bool IsOdd(ConvolveStep step) => step.Kernel % 2 == 1;

    // A ReLU keeps all that is needed of what it took only where nothing but numbers came before it; a last one stands after the sum.
    private static string? Problem(string name, List<BlockLayer> layers)
    {
        if (layers.Count < 2) return $"{name} has one convolution where the engine computes two or more";
        foreach (var (convolution, after) in layers)
        {
            var isLast = convolution == layers[^1].Convolution;
            if (after.HasRelu == isLast)
                return $"{name} has {(isLast ? "a" : "no")} ReLU after {convolution.Conv.Name} where the engine computes {(isLast ? "the sum" : "one")}";
            if (!isLast && (after.Factor is not null || after.Constant != 1)) return $"{name} has a multiplier after {convolution.Conv.Name}, which is not its last convolution";
            if (after.Norm is not null && (convolution.Conv.Bias is not null || convolution.Conv.Gain is not null))
                return $"{name} normalizes {convolution}, where the engine computes one without a bias";
        }
        return null;
    }

    // What a ReLU before the branch gives goes to a shortcut that changes the shape, and no other.
    private static string? ProblemBefore(string name, bool hasRelu, bool hasShift, ShortcutSteps shortcut)
    {
        if (!hasRelu) return null;
        if (hasShift) return $"{name} adds a scalar bias behind its first ReLU";
        return shortcut.StartsAtConvolution == shortcut.IsIdentity ? $"the shortcut of {name} begins elsewhere than {(shortcut.IsIdentity ? "at the block's input" : "behind its first ReLU")}" : null;
    }
}

/// <summary>What stands on a block's shortcut; nothing for the identity.</summary>
/// <param name="StartsAtConvolution">Whether it takes what the first convolution takes, instead of the block's input.</param>
/// <param name="Convolution">A convolution.</param>
/// <param name="IsSampled">Whether there is sub-sampling instead, with zero channels after the real ones.</param>
/// <param name="Norm">What normalizes it.</param>
internal sealed record ShortcutSteps(bool StartsAtConvolution, ConvolveStep? Convolution, bool IsSampled, NormalizeStep? Norm)
{
    internal bool IsIdentity => Convolution is null && !IsSampled;

    internal static ShortcutSteps Read(ResidualBranch branch, out string? problem)
    {
        var steps = new StepReader($"the shortcut of {branch.Name}", branch.ShortcutSteps);
        var isSampled = steps.May<SubsampleStep>() is not null;
        var convolution = isSampled || branch.ShortcutSteps.Count == 0 ? null : steps.Must<ConvolveStep>(BlockSteps.IsOdd, "sub-sampling, or a convolution with an odd kernel");
        var norm = branch.ShortcutSteps.Count == 0 ? null : steps.May<NormalizeStep>();
        if (isSampled) steps.May<PadStep>();
        steps.End();
        problem = steps.Problem;
        if (problem is null && norm is not null && convolution is { Conv: { Bias: not null } or { Gain: not null } }) problem = $"the shortcut of {branch.Name} normalizes {convolution}";
        return new ShortcutSteps(branch.ShortcutStart > 0, convolution, isSampled, norm);
    }
}
