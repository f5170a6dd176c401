using FixupNet.Residual;
using TorchSharp.Modules;

namespace FixupNet.Engine.Steps;

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

    /// <summary>The block, if it is one of these.</summary>
    /// <param name="branch">Any branch.</param>
    internal static BasicBlock? Match(ResidualBranch branch) => BlockSteps.Match(branch, out _) is { } block ? Of(block) : null;

    /// <summary>The block, if it is one of these.</summary>
    /// <param name="block">Any block.</param>
    internal static BasicBlock? Of(BlockSteps block)
    {
        if (block is not { HasReluBefore: false, EndsWithRelu: true, SumFactor: 1, Layers: [var first, var second], Shortcut.Norm: null }) return null;
        if (!IsBare(first.Convolution) || !IsBare(second.Convolution) || second.Convolution.Stride != 1) return null;
        if (first.After is not { IsScaled: false, Gain: 1 } || second.After.Norm is not null || (second.After.Factor is not null && second.After.Constant != 1)) return null;
        var shortcut = block.Shortcut;
        if (shortcut.StartsAtConvolution == shortcut.IsIdentity && block.ShiftBefore is not null) return null;
        if (shortcut.Convolution is { Conv: { Bias: not null } or { Gain: not null } }) return null;
        return new BasicBlock(first.Convolution.Conv, first.Convolution.Stride, second.Convolution.Conv, shortcut.Convolution?.Conv, !shortcut.IsIdentity)
        {
            Bias1A = block.ShiftBefore, Bias1B = first.After.Bias, Bias2A = first.After.Shift, Bias2B = second.After.Bias, Scale = second.After.Factor, Constant = second.After.Constant,
        };
    }

    private static bool IsBare(ConvolveStep step) => step is { Kernel: Kernel, Conv: { Bias: null, Gain: null } };
}
