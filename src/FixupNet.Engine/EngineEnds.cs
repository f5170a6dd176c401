using FixupNet.Residual;
using TorchSharp.Modules;

namespace FixupNet.Engine;

/// <summary>What the depth-first engine computes before the first block and after the last: fc(mean over pixels(blocks(ReLU(stem(images) + bias1))) + bias2).</summary>
/// <param name="Stem">A convolution of stride 1.</param>
/// <param name="Bias1">Added after it; null for 0.</param>
/// <param name="Bias2">Added to the means; null for 0.</param>
/// <param name="Classifier">A linear layer with a bias.</param>
internal sealed record EngineEnds(WeightLayer Stem, Parameter? Bias1, Parameter? Bias2, WeightLayer Classifier)
{
    /// <summary>Reads a description.</summary>
    /// <param name="topology">Any network's.</param>
    /// <param name="problem">The first step that does not fit; null where all do.</param>
    /// <returns>The ends; null where a step does not fit.</returns>
    internal static EngineEnds? Match(ResidualTopology topology, out string? problem)
    {
        var stem = new StepReader("the stem", topology.StemSteps);
        var first = stem.Must<ConvolveStep>(step => step is { Stride: 1, Conv: { Bias: null, Gain: null } }, "a convolution of stride 1 without a bias");
        var bias1 = stem.May<ShiftStep>();
        stem.Must<ReluStep>(relu => relu.Gain == 1, "a ReLU");
        stem.End();
        var head = new StepReader("the head", topology.HeadSteps);
        head.Must<PoolStep>(_ => true, "global average pooling");
        var bias2 = head.May<ShiftStep>();
        var classifier = head.Must<LinearStep>(step => step.Linear.Bias is not null, "a linear layer with a bias");
        head.End();
        // Blocks stand between: their problems come first where only the head has one.
        problem = stem.Problem ?? (topology.Branches.Any(branch => BasicBlock.Match(branch, out _) is null) ? null : head.Problem);
        return stem.Problem is null && head.Problem is null ? new EngineEnds(first!.Conv, bias1?.Bias, bias2?.Bias, classifier!.Linear) : null;
    }
}
