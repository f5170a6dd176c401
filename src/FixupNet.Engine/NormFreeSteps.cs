using FixupNet.Residual;
using TorchSharp.Modules;

namespace FixupNet.Engine;

/// <summary>A network of basic blocks: fc(mean over pixels(blocks(ReLU(stem(images) + bias1))) + bias2).</summary>
/// <param name="Stem">A convolution of stride 1.</param>
/// <param name="Bias1">Added after it; null for 0.</param>
/// <param name="Blocks">The blocks.</param>
/// <param name="Bias2">Added to the means; null for 0.</param>
/// <param name="Classifier">A linear layer with a bias.</param>
internal sealed record NormFreeSteps(WeightLayer Stem, Parameter? Bias1, IReadOnlyList<BasicBlock> Blocks, Parameter? Bias2, WeightLayer Classifier)
{
    /// <summary>Reads a description.</summary>
    /// <param name="topology">Any network's.</param>
    /// <param name="problem">The first step that does not fit; null where all do.</param>
    /// <returns>The steps; null where one does not fit.</returns>
    internal static NormFreeSteps? Match(ResidualTopology topology, out string? problem)
    {
        var stem = new StepReader("the stem", topology.StemSteps);
        var first = stem.Must<ConvolveStep>(step => step is { Stride: 1, Conv: { Bias: null, Gain: null } }, "a convolution of stride 1 without a bias");
        var bias1 = stem.May<ShiftStep>();
        stem.MustRelu();
        stem.End();
        if ((problem = stem.Problem) is not null) return null;
        var blocks = new List<BasicBlock>();
        foreach (var branch in topology.Branches)
        {
            if (BasicBlock.Match(branch, out problem) is not { } block) return null;
            blocks.Add(block);
        }
        var head = new StepReader("the head", topology.HeadSteps);
        head.Must<PoolStep>(_ => true, "global average pooling");
        var bias2 = head.May<ShiftStep>();
        var classifier = head.MustClassifier();
        return (problem = head.Problem) is null ? new NormFreeSteps(first!.Conv, bias1?.Bias, blocks, bias2?.Bias, classifier!) : null;
    }
}
