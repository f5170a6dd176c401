using FixupNet.Execution;
using FixupNet.Methods;
using FixupNet.Residual;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Tests.Methods;

/// <summary>What single blocks compute, where no reference network does: their weights are 0, so that only what a method adds is seen.</summary>
public sealed class BranchFormTests
{
    [TestCase(false, 2.0)]
    [TestCase(true, 2.5)]
    public void Fixup_AddsItsFirstBiasToAnUnchangedShortcut_WhenAsked(bool shortcutBias, double expected)
    {
        using var scope = NewDisposeScope();
        var branch = new FixupMethod(ShortcutBias: shortcutBias).Branch(Bare(inChannels: 4));
        Set(branch, "block.bias1a", 0.5);

        Assert.That(Output(branch), Is.EqualTo(expected));
    }

    [Test]
    public void Fixup_AddsItsFirstBiasToAShortcutThatChangesTheShape([Values] bool shortcutBias)
    {
        using var scope = NewDisposeScope();
        var branch = new FixupMethod(ShortcutBias: shortcutBias).Branch(Bare(inChannels: 2));
        Set(branch, "block.bias1a", 0.5);

        Assert.That(Output(branch, channels: 2), Is.EqualTo(2.5 / 2)); // half of the channels are zeros
    }

    [Test]
    public void ScaledSum_MultipliesTheSum()
    {
        using var scope = NewDisposeScope();

        Assert.That(Output(new ScaledSumMethod().Branch(Bare(inChannels: 4))), Is.EqualTo(2 * Math.Sqrt(0.5)).Within(1e-6));
    }

    private static BareBranch Bare(int inChannels) =>
        new("block", [new("conv1", inChannels, 4, Kernel: 3), new("conv2", 4, 4, Kernel: 3)], Projects: false, Index: 0, Count: 1, StageIndex: 0, StageBefore: 0);

    private static void Set(ResidualBranch branch, string name, double value)
    {
        using var noGradients = no_grad();
        branch.Steps.SelectMany(step => step.Parameters).Single(item => item.Name == name).Parameter.fill_(value);
    }

    private static double Output(ResidualBranch branch, int channels = 4)
    {
        using var noGradients = no_grad();
        return StepRunner.Run(branch, full([1, channels, 3, 3], 2.0)).mean().ToDouble();
    }
}
