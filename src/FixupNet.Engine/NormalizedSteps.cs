using FixupNet.Residual;

namespace FixupNet.Engine;

/// <summary>A network with batch normalization: fc(mean over pixels(blocks(ReLU(norm(stem(images)))))).</summary>
/// <param name="Stem">A convolution of stride 1.</param>
/// <param name="StemNorm">What normalizes it.</param>
/// <param name="Blocks">The blocks.</param>
/// <param name="Classifier">A linear layer with a bias.</param>
internal sealed record NormalizedSteps(WeightLayer Stem, NormalizeStep StemNorm, IReadOnlyList<NormalizedBlock> Blocks, WeightLayer Classifier)
{
    /// <summary>Reads a description.</summary>
    /// <param name="topology">Any network's.</param>
    /// <param name="problem">The first step that does not fit; null where all do.</param>
    /// <returns>The steps; null where one does not fit.</returns>
    internal static NormalizedSteps? Match(ResidualTopology topology, out string? problem)
    {
        var stem = new StepReader("the stem", topology.StemSteps);
        var first = stem.Must<ConvolveStep>(step => step is { Stride: 1, Conv: { Bias: null, Gain: null } }, "a convolution of stride 1 without a bias");
        var norm = stem.MustNormalize();
        stem.MustRelu();
        stem.End();
        if ((problem = stem.Problem) is not null) return null;
        var blocks = new List<NormalizedBlock>();
        foreach (var branch in topology.Branches)
        {
            if (NormalizedBlock.Match(branch, out problem) is not { } block) return null;
            blocks.Add(block);
        }
        var head = new StepReader("the head", topology.HeadSteps);
        head.Must<PoolStep>(_ => true, "global average pooling");
        var classifier = head.MustClassifier();
        return (problem = head.Problem) is null ? new NormalizedSteps(first!.Conv, norm!, blocks, classifier!) : null;
    }
}
