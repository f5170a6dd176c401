using FixupNet.Residual;
using TorchSharp.Modules;

namespace FixupNet.Engine;

/// <summary>
/// The block that both engines compute: ReLU(scale·second(ReLU(first(x + bias1a) + bias1b) + bias2a) + bias2b + s), where s is x, or begins with
/// x + bias1a and changes the shape as the branch does.
/// </summary>
/// <param name="First">A 3×3 convolution.</param>
/// <param name="Stride">Its stride.</param>
/// <param name="Second">A 3×3 convolution of stride 1.</param>
/// <param name="Projection">The convolution on the shortcut; null for none.</param>
/// <param name="ChangesShape">Whether the shortcut does anything.</param>
internal sealed record BasicBlock(WeightLayer First, int Stride, WeightLayer Second, WeightLayer? Projection, bool ChangesShape)
{
    private const int Kernel = 3;

    /// <summary>Added before the first convolution; null for 0, as the other biases.</summary>
    internal Parameter? Bias1A { get; init; }

    /// <summary>Added after it.</summary>
    internal Parameter? Bias1B { get; init; }

    /// <summary>Added before the second.</summary>
    internal Parameter? Bias2A { get; init; }

    /// <summary>Added after the multiplier.</summary>
    internal Parameter? Bias2B { get; init; }

    /// <summary>The learned multiplier; null for the constant <see cref="Constant"/>.</summary>
    internal Parameter? Scale { get; init; }

    /// <summary>What multiplies the branch where nothing is learned.</summary>
    internal double Constant { get; init; } = 1;

    /// <summary>Channels that go out.</summary>
    internal int OutChannels => (int)First.Weight.shape[0];

    /// <summary>Reads a branch.</summary>
    /// <param name="branch">Any branch.</param>
    /// <param name="problem">The first step that does not fit; null where all do.</param>
    /// <returns>The block; null where a step does not fit.</returns>
    internal static BasicBlock? Match(ResidualBranch branch, out string? problem)
    {
        var steps = new StepReader(branch.Name, branch.Steps);
        var bias1A = steps.May<ShiftStep>();
        var first = steps.Must<ConvolveStep>(IsBare, "a 3×3 convolution without a bias");
        var bias1B = steps.May<ShiftStep>();
        steps.MustRelu();
        var bias2A = steps.May<ShiftStep>();
        var second = steps.Must<ConvolveStep>(step => IsBare(step) && step.Stride == 1, "a 3×3 convolution of stride 1 without a bias");
        var scale = steps.May<MultiplyStep>();
        var constant = scale is null ? steps.May<ScaleStep>() : null;
        var bias2B = steps.May<ShiftStep>();
        steps.End();
        var shortcut = new StepReader($"the shortcut of {branch.Name}", branch.ShortcutSteps);
        var (sampled, projection) = (shortcut.May<SubsampleStep>(), (ConvolveStep?)null);
        if (sampled is null && branch.ShortcutSteps.Count > 0)
            projection = shortcut.Must<ConvolveStep>(step => step.Conv is { Bias: null, Gain: null }, "sub-sampling, or a convolution without a bias");
        else shortcut.May<PadStep>();
        shortcut.End();
        var after = new StepReader($"what follows the sum of {branch.Name}", branch.AfterSum);
        after.MustRelu();
        after.End();
        problem = steps.Problem ?? shortcut.Problem ?? after.Problem ?? StartProblem(branch, bias1A);
        if (problem is not null) return null;
        return new BasicBlock(first!.Conv, first.Stride, second!.Conv, projection?.Conv, branch.ShortcutSteps.Count > 0)
        {
            Bias1A = bias1A?.Bias, Bias1B = bias1B?.Bias, Bias2A = bias2A?.Bias, Bias2B = bias2B?.Bias, Scale = scale?.Factor, Constant = constant?.Factor ?? 1,
        };
    }

    internal static bool IsBare(ConvolveStep step) => step is { Kernel: Kernel, Conv: { Bias: null, Gain: null } };

    private static string? StartProblem(ResidualBranch branch, ShiftStep? bias1A) =>
        branch.ShortcutStart == (branch.ShortcutSteps.Count == 0 || bias1A is null ? 0 : 1)
            ? null
            : $"the shortcut of {branch.Name} begins elsewhere than {(branch.ShortcutSteps.Count == 0 ? "at the block's input" : "at the first convolution's input")}";
}
