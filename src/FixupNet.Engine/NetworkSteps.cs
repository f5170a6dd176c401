using FixupNet.Engine.Steps;
using FixupNet.Residual;
using TorchSharp.Modules;

namespace FixupNet.Engine;

/// <summary>A network that the engine computes: fc(mean over pixels(ReLU(blocks(pool(after(stem(images)))))) + bias2); its blocks all end with a ReLU, or all begin with one.</summary>
/// <param name="Stem">A convolution.</param>
/// <param name="AfterStem">What follows it.</param>
/// <param name="Pool">Max pooling after that; null for none.</param>
/// <param name="Blocks">The blocks.</param>
/// <param name="HeadGain">What the head's ReLU is multiplied by; null where it has none, because the last block ends with one.</param>
/// <param name="Bias2">Added to the means; null for 0.</param>
/// <param name="Classifier">A linear layer with a bias.</param>
internal sealed record NetworkSteps(
    ConvolveStep Stem, Between AfterStem, MaxPoolStep? Pool, IReadOnlyList<BlockSteps> Blocks, double? HeadGain, Parameter? Bias2, WeightLayer Classifier)
{
    /// <summary>Whether every normalization of the network is of the batch, and everything between its convolutions is one.</summary>
    internal bool UsesBatchStatistics => AfterStem.Norm is { Norm.Scope: NormScope.Batch };

    /// <summary>Reads a description.</summary>
    /// <param name="topology">Any network's.</param>
    /// <param name="problem">The first step that does not fit; null where all do.</param>
    /// <returns>The steps; null where one does not fit.</returns>
    internal static NetworkSteps? Match(ResidualTopology topology, out string? problem)
    {
        var stem = new StepReader("the stem", topology.StemSteps);
        var first = stem.Must<ConvolveStep>(BlockSteps.IsOdd, "a convolution with an odd kernel");
        var afterStem = Between.Read(stem);
        var pool = stem.May<MaxPoolStep>();
        stem.End();
        if ((problem = stem.Problem) is not null) return null;
        var blocks = new List<BlockSteps>();
        foreach (var branch in topology.Branches)
        {
            if (BlockSteps.Match(branch, out problem) is not { } block) return null;
            blocks.Add(block);
        }
        var head = new StepReader("the head", topology.HeadSteps);
        var relu = head.May<ReluStep>();
        head.Must<PoolStep>(_ => true, "global average pooling");
        var bias2 = head.May<ShiftStep>();
        var classifier = head.MustClassifier();
        if ((problem = head.Problem) is not null) return null;
        var steps = new NetworkSteps(first!, afterStem, pool, blocks, relu?.Gain, bias2?.Bias, classifier!);
        problem = steps.Problem();
        return problem is null ? steps : null;
    }

    private string? Problem()
    {
        if (AfterStem is { Factor: not null } or { Constant: not 1 } or { Shift: not null } or { Gain: not 1 }) return "the stem has a multiplier, or a bias after its ReLU";
        if (AfterStem.Norm is not null && (Stem.Conv.Bias is not null || Stem.Conv.Gain is not null)) return $"the stem normalizes {Stem}";
        // The gradient of what a block takes is stopped where the ReLU before it was 0: by the sign of what the block took.
        var isPositive = AfterStem.HasRelu;
        foreach (var block in Blocks)
        {
            if (block.HasReluBefore == isPositive) return $"{block.Name} {(isPositive ? "begins with a second ReLU" : "takes what no ReLU has seen")}";
            isPositive = block.EndsWithRelu;
        }
        if (HeadGain is null != isPositive) return $"the head has {(isPositive ? "a second" : "no")} ReLU";
        return BatchProblem();
    }

    // Statistics of the batch need a way of computing of their own, for the whole network.
    private string? BatchProblem()
    {
        var places = Blocks.SelectMany(block => block.Layers.Select(layer => (Name: layer.Convolution.Conv.Name, layer.After.Norm))
            .Concat(block.Shortcut.IsIdentity ? [] : [(Name: $"the shortcut of {block.Name}", block.Shortcut.Norm)])).Prepend((Stem.Conv.Name, AfterStem.Norm)).ToList();
        if (!places.Any(place => place.Norm is { Norm.Scope: NormScope.Batch })) return null;
        if (places.FirstOrDefault(place => place.Norm is not { Norm.Scope: NormScope.Batch, Running: not null }).Name is { } name) return $"{name} is not batch-normalized as other layers are";
        return Blocks.FirstOrDefault(IsMoreThanNormalized) is { } block ? $"{block.Name} has more than batch normalization and ReLUs between its convolutions" : null;
    }

    private static bool IsMoreThanNormalized(BlockSteps block) =>
        block.HasReluBefore || block.ShiftBefore is not null || block.Layers.Any(layer => layer.After is { Gain: not 1 } or { Shift: not null }) || block.SumFactor != 1;
}
